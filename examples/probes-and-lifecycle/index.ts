import { ConfigMap, Deployment, Service } from "../../components/index.ts";
import { little, setup } from "../setup.ts";

const { namespace, config, image } = setup();

// Each probe asks in a way of its own. A pod is ready, and alive, as long as the files are there.
const probed = new Deployment("probed", {
  namespace,
  image: image("nginx"),
  resources: little,
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
new Service("probed", { target: probed, ports: { http: 80 } });

// The sidecar starts first and stays; the init containers run one after another, and the second writes the page; then the server
// starts and shows it.
const site = new ConfigMap("site", {
  namespace,
  data: { "title.txt": config.get("title") ?? "Made before the server started" },
});
const note = (step: string): string => `echo ${step} >> /srv/site/order.txt`;
const pages = new Deployment("pages", {
  namespace,
  image: image("nginx"),
  resources: little,
  ports: { http: 8080 },
  probes: { readiness: "/healthz" },
  progressDeadlineSeconds: config.getNumber("progressDeadlineSeconds") ?? 60,
  command: ["sh", "-c", `${note("server")}; exec sh /usr/local/bin/start.sh`],
  writable: ["/tmp"],
  mounts: { "/srv/site": { shared: "site" } },
  sidecars: {
    clock: {
      image: image("nginx"),
      resources: little,
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
    first: {
      image: image("nginx"),
      resources: little,
      // Longer than the next one takes: that one waits for its end.
      command: ["sh", "-c", `sleep 0.3; ${note("first")}`],
      mounts: { "/srv/site": { shared: "site" } },
    },
    page: {
      image: image("nginx"),
      resources: little,
      command: [
        "sh",
        "-c",
        `${note("second")}; cp /config/${config.get("file") ?? "title.txt"} /srv/site/index.html`,
      ],
      mounts: { "/srv/site": { shared: "site" }, "/config": { configMap: site } },
    },
  },
});
new Service("pages", { target: pages, ports: { http: 80 } });

// GET /delay/10 is still answered when the pod is deleted meanwhile.
const slow = new Deployment("slow", {
  namespace,
  image: image("fastapi"),
  resources: little,
  replicas: 2,
  ports: { http: 8080 },
  probes: { liveness: "/healthz", readiness: "/readyz" },
  writable: ["/tmp"],
  // As long as the image gives uvicorn.
  shutdownSeconds: 25,
  terminationGracePeriodSeconds: config.getNumber("gracePeriodSeconds") ?? 40,
});
new Service("slow", { target: slow, ports: { http: 80 } });

// Ready as long as something listens. It stops listening while the file is there.
const listener = new Deployment("listener", {
  namespace,
  image: image("fastapi"),
  resources: little,
  ports: { tcp: 9000 },
  probes: { readiness: { tcpSocket: {}, periodSeconds: 1, failureThreshold: 1 } },
  command: [
    "python",
    "-c",
    `import os, socket, time
deaf = lambda: os.path.exists("/tmp/deaf")
while True:
    with socket.create_server(("", 9000)) as server:
        server.settimeout(0.2)
        while not deaf():
            try: server.accept()[0].close()
            except TimeoutError: pass
    while deaf(): time.sleep(0.2)`,
  ],
  writable: ["/tmp"],
  preStopSeconds: 0,
});
new Service("listener", { target: listener, ports: { tcp: 9000 } });

// A command runs before SIGTERM, which the program ignores: after the grace period it is killed.
new Deployment("stubborn", {
  namespace,
  image: image("fastapi"),
  resources: little,
  command: ["sh", "-c", 'trap "echo SIGTERM" TERM; while :; do sleep 1 & wait $!; done'],
  preStopCommand: ["sh", "-c", "echo preStop > /proc/1/fd/1"],
  preStopSeconds: 2,
  shutdownSeconds: 3,
  terminationGracePeriodSeconds: 6,
});

// A gRPC server is asked by the gRPC health protocol. Here nginx plays one: it answers with a file, SERVING as it starts.
const health = new ConfigMap("grpc-health", {
  namespace,
  data: {
    "nginx.conf": `
      pid /tmp/nginx.pid;
      events {}
      http {
        client_body_temp_path /tmp/client-body;
        proxy_temp_path /tmp/proxy;
        fastcgi_temp_path /tmp/fastcgi;
        uwsgi_temp_path /tmp/uwsgi;
        scgi_temp_path /tmp/scgi;
        access_log off;
        server {
          listen 9090 http2;
          location = /grpc.health.v1.Health/Check { error_page 404 =200 /status; log_not_found off; }
          location = /status {
            internal;
            root /tmp;
            default_type application/grpc;
            add_trailer grpc-status 0 always;
          }
        }
      }`,
  },
});
// A frame's header, and the message: field 1 is 1.
const serving = String.raw`printf '\000\000\000\000\002\010\001' > /tmp/status`;
const grpc = new Deployment("grpc", {
  namespace,
  image: image("nginx"),
  resources: little,
  ports: { grpc: 9090 },
  probes: { readiness: { grpc: {}, periodSeconds: 1, failureThreshold: 1 } },
  command: ["sh", "-c", `${serving}; exec nginx -c /etc/grpc/nginx.conf -e stderr -g 'daemon off;'`],
  writable: ["/tmp"],
  mounts: { "/etc/grpc": { configMap: health } },
  preStopSeconds: 0,
});
new Service("grpc", { target: grpc, ports: { grpc: 9090 } });

export const namespaceName = namespace.name;
