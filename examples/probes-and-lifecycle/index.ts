import { ConfigMap, Deployment, Service } from "../../components/index.ts";
import { setup } from "../setup.ts";

const { stack, namespace, config, image } = setup();

// Each probe asks in a way of its own. A pod is ready, and alive, as long as the files are there.
const probed = new Deployment("probed", {
  stack,
  namespace,
  image: image("nginx"),
  replicas: 2,
  ports: { http: 8080 },
  command: ["sh", "-c", "rm -f /tmp/dead; exec sh /usr/local/bin/start.sh"],
  probes: {
    startup: { tcpSocket: {}, periodSeconds: 1 },
    readiness: {
      exec: { command: ["test", "!", "-e", "/tmp/unready"] },
      periodSeconds: 1,
      failureThreshold: 1,
    },
    liveness: { exec: { command: ["test", "!", "-e", "/tmp/dead"] }, periodSeconds: 1, failureThreshold: 1 },
  },
  writable: ["/tmp"],
});
new Service("probed", { stack, namespace, app: "probed", ports: { http: 80 } }, { dependsOn: probed });

// The sidecar starts first and stays; the init container writes the page; then the server starts and shows it.
const site = new ConfigMap("site", {
  stack,
  namespace,
  data: { "title.txt": config.get("title") ?? "Made before the server started" },
});
const note = (step: string): string => `echo ${step} >> /srv/site/order.txt`;
const pages = new Deployment("pages", {
  stack,
  namespace,
  image: image("nginx"),
  ports: { http: 8080 },
  probes: { readiness: "/healthz" },
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
  command: ["sh", "-c", `${note("server")}; exec sh /usr/local/bin/start.sh`],
  writable: ["/tmp"],
  mounts: { "/srv/site": { shared: "site" } },
  sidecars: {
    clock: {
      image: image("nginx"),
      command: [
        "sh",
        "-c",
        `${note("sidecar")}; trap exit TERM; while :; do date > /srv/site/time.txt; sleep 1 & wait; done`,
      ],
      probes: { startup: { exec: { command: ["test", "-e", "/srv/site/time.txt"] } } },
      mounts: { "/srv/site": { shared: "site" } },
    },
  },
  initContainers: {
    page: {
      image: image("nginx"),
      command: [
        "sh",
        "-c",
        `${note("init")}; cp /config/${config.get("file") ?? "title.txt"} /srv/site/index.html`,
      ],
      mounts: { "/srv/site": { shared: "site" }, "/config": { configMap: site } },
    },
  },
});
new Service("pages", { stack, namespace, app: "pages", ports: { http: 80 } }, { dependsOn: pages });

// GET /delay/10 is still answered when the pod is deleted meanwhile.
const slow = new Deployment("slow", {
  stack,
  namespace,
  image: image("fastapi"),
  replicas: 2,
  ports: { http: 8080 },
  probes: { liveness: "/healthz", readiness: "/readyz" },
  writable: ["/tmp"],
  // As long as the image gives uvicorn.
  shutdownSeconds: 25,
  terminationGracePeriodSeconds: config.getNumber("gracePeriodSeconds") ?? 40,
});
new Service("slow", { stack, namespace, app: "slow", ports: { http: 80 } }, { dependsOn: slow });

export const namespaceName = namespace;
