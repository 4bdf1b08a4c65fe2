import { Deployment, Exposure, Namespace, Service } from "../../components/index.ts";
import { run } from "../run.ts";
import { little, setup } from "../setup.ts";

const example = setup();
const { stack, namespace, config, image } = example;

// Two programs a pod. Their ports have names, by which Services know them: the numbers are nobody else's business.
const port = config.getNumber("port") ?? 9376;
const adminPort = 9377;
const web = new Deployment("web", {
  namespace,
  image: image("fastapi"),
  resources: little,
  replicas: 3,
  env: { UVICORN_PORT: port, POD_NAME: { fieldRef: "metadata.name" } },
  ports: { http: port },
  probes: { readiness: "/readyz" },
  writable: ["/tmp"],
  sidecars: {
    admin: {
      image: image("fastapi"),
      resources: little,
      env: { UVICORN_PORT: adminPort, APP_TITLE: "Admin" },
      ports: { admin: adminPort },
      // Whoever makes this file takes the pod out of its Services, and lets it live.
      probes: {
        readiness: {
          exec: { command: ["test", "!", "-e", "/tmp/away"] },
          periodSeconds: 1,
          failureThreshold: 1,
        },
      },
      writable: ["/tmp"],
    },
  },
});

/**
 * Inside the cluster, on two ports that lead to the container ports of the same names, by addresses of both families where
 * the cluster has both.
 */
const inside = new Service("web", {
  target: web,
  ports: { http: 80, admin: 443 },
  ipFamilyPolicy:
    config.get("ipFamilyPolicy", {
      allowedValues: ["SingleStack", "PreferDualStack", "RequireDualStack"],
    }) ?? "PreferDualStack",
});

/** Inside the cluster, to pods of the client's own node alone. */
new Service("near", {
  target: web,
  objectName: "web-near",
  ports: { http: 80 },
  internalTrafficPolicy: "Local",
});

/** On every node; `Local` shows the app its clients' addresses. */
const nodePort = new Service("node-port", {
  target: web,
  objectName: "web-node-port",
  ports: { http: { port: 80, nodePort: config.getNumber("nodePort") ?? 30_007 } },
  exposure: Exposure.nodePort({ externalTrafficPolicy: "Local" }),
});

/** On addresses that somebody routes to the nodes by hand. */
const addresses = config.getObject<string[]>("externalAddresses") ?? [];
if (addresses.length > 0)
  new Service("external-ips", {
    target: web,
    objectName: "web-external",
    ports: { http: 80 },
    exposure: Exposure.externalIPs(addresses),
  });

/** One client, one pod. */
new Service("sticky", {
  target: web,
  objectName: "web-sticky",
  ports: { http: 80 },
  sessionAffinity: { timeoutSeconds: 60 },
});

/** The pods' own addresses by DNS, before they are ready, too. */
new Service("peers", {
  target: web,
  objectName: "web-peers",
  ports: { http: port },
  exposure: Exposure.headless(),
  publishNotReadyAddresses: true,
});

/** A name for a host elsewhere. */
new Service("outside", {
  namespace,
  exposure: Exposure.externalName(config.get("externalName") ?? "example.com"),
});

/** Addresses elsewhere, as if they were pods. */
const endpoint = config.getObject<{ address: string; port: number }>("endpoint");
if (endpoint !== undefined)
  new Service("legacy", {
    namespace,
    ports: { http: { port: 80, targetPort: endpoint.port } },
    endpoints: [endpoint.address],
  });

// Who starts after a Service of its namespace finds it in the environment; by DNS, it is found at any time.
const client = new Deployment(
  "client",
  {
    namespace,
    image: image("fastapi"),
    resources: little,
    ports: { http: 8080 },
    probes: { readiness: "/readyz" },
    writable: ["/tmp"],
    enableServiceLinks: true,
  },
  { dependsOn: inside },
);

/** Made after the client's pod, which knows it by DNS alone. */
new Service("late", { target: web, objectName: "web-late", ports: { http: 80 } }, { dependsOn: client });

/** In another namespace, where its name is `neighbour.<namespace>`, and no pod of this one has variables for it. */
const neighbours = new Namespace("neighbours", { objectName: `${stack.project}-${stack.stack}-neighbours` });
const neighbour = run({ ...example, namespace: neighbours }, "neighbour");

export const namespaceName = namespace.name;
export const dns = inside.dns;
export const neighbourDns = neighbour.dns;
export const nodePorts = nodePort.nodePorts;
