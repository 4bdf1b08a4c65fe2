import { Deployment, type DeploymentArgs, Service } from "../components/index.ts";
import { little, type Setup } from "./setup.ts";

/** An app's Service, as routes name it. */
export interface Running {
  readonly name: Service["name"];
  readonly port: number;
}

/**
 * Runs one of the images of `apps/`: `nginx` says which copy answered on `/version`, `fastapi` what it was asked on `/whoami`.
 * Known as the app once its pods are ready.
 */
export function run(
  setup: Setup,
  name: string,
  app: "nginx" | "fastapi" = "nginx",
  { env, ...more }: Partial<DeploymentArgs> = {},
): Running {
  const { stack, namespace } = setup;
  const pods = new Deployment(name, {
    stack,
    namespace,
    image: setup.image(app),
    resources: little,
    env: { APP_VERSION: name, ...env },
    ports: { http: 8080 },
    probes: { readiness: "/healthz" },
    writable: ["/tmp"],
    ...more,
  });
  const service = new Service(
    name,
    { stack, namespace, app: name, ports: { http: 80 } },
    { dependsOn: pods },
  );
  return { name: service.name, port: 80 };
}
