import { Deployment, PullSecret } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { namespace, config, image } = setup();

// `registry` may hold a project prefix, the password is for the host.
const [host = ""] = config.require("registry").split("/");
const registry = new PullSecret("registry", {
  namespace,
  registry: host,
  username: config.require("username"),
  password: config.requireSecret("password"),
});

const web = new Deployment("web", {
  namespace,
  image: image("nginx"),
  resources: little,
  imagePullPolicy: "Always",
  pullSecrets: [registry],
  ports: { http: 8080 },
  env: { APP_VERSION: config.get("version") ?? "1" },
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  preStopSeconds: 0,
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
});

export const namespaceName = namespace.name;
export const deployment = web.name;
