import { Deployment, type DeploymentArgs, Service } from "../components/index.ts";
import { little, type Setup } from "./setup.ts";

/**
 * Runs one of the images of `apps/` behind a Service: `nginx` says which copy answered on `/version`, `fastapi` what it was
 * asked on `/whoami`.
 */
export function run(
  { namespace, image }: Setup,
  name: string,
  app: "nginx" | "fastapi" = "nginx",
  { env, ...more }: Partial<DeploymentArgs> = {},
): Service {
  const pods = new Deployment(name, {
    namespace,
    image: image(app),
    resources: little,
    env: { APP_VERSION: name, ...env },
    ports: { http: 8080 },
    probes: { readiness: "/healthz" },
    writable: ["/tmp"],
    ...more,
  });
  return new Service(name, { target: pods, ports: { http: 80 } });
}
