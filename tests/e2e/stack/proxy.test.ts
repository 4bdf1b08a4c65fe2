import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { imageTag } from "../../../apps/images.ts";
import { Progress } from "../../../lab/base/progress.ts";
import { lab } from "../../../lab/cluster/addresses.ts";
import { provideImages } from "../../../lab/images/index.ts";
import { apply, Client, kubectl, NODE_PORTS, objects, TestStack, waitFor } from "../harness/index.ts";

const NAME = "e2e-proxy";
const NAMESPACE = `slipway-${NAME}`;
const { http, https } = NODE_PORTS[NAME];
const trust = { proxyProtocol: { trustedIPs: [lab.podRange] } };

const directory = join(import.meta.dirname, "nginx-stream");
const image = `slipway-nginx-stream:${imageTag(directory)}`;

let stack: TestStack;
let visitor: Client;

/** The configuration of nginx that the stack's readme gives. */
async function nginxOfReadme(): Promise<string> {
  const readme = await stack.output<string>("readme");
  return /^```nginx\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
}

/** A proxy outside of the cluster has an address of its own; here it is a pod's, which this machine reaches too. */
async function startProxy(): Promise<string> {
  const main = "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\npid /tmp/nginx.pid;\nevents {}\n";
  const metadata = { name: "proxy", namespace: NAMESPACE };
  const data = { "nginx.conf": main + (await nginxOfReadme()) };
  await apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data });
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
      },
      containers: [
        {
          name: "nginx",
          image,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          readinessProbe: { tcpSocket: { port: 443 }, periodSeconds: 1 },
          volumeMounts: [{ name: "configuration", mountPath: "/etc/proxy" }],
        },
      ],
      volumes: [{ name: "configuration", configMap: { name: "proxy" } }],
    },
  });
  await kubectl("wait", "--namespace", NAMESPACE, "pod/proxy", "--for=condition=Ready", "--timeout=60s");
  const [pod] = await objects("pod/proxy", "--namespace", NAMESPACE);
  return (pod?.["status"] as { podIP: string }).podIP;
}

beforeAll(async () => {
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      traefik: {
        service: { externalTrafficPolicy: "Local" },
        web: { nodePort: http, exposedPort: 80, ...trust },
        websecure: { nodePort: https, exposedPort: 443, ...trust },
      },
      apps: { hello: undefined, portal: undefined },
    },
  });
  await provideImages(new Progress(), [{ directory, reference: image }]);
  await stack.up();
  visitor = new Client({ address: await startProxy(), ca: await stack.output<string>("caCertificate") });
});

afterAll(async () => {
  await stack.remove();
  await visitor.close();
});

interface Seen {
  readonly scheme: string;
  readonly client: { readonly host: string };
}

it("serves URLs without a port by the proxy that its readme configures, and keeps the client's address", async () => {
  const urls = await stack.output<Readonly<Record<string, string>>>("urls");
  expect(urls["api"]).toBe(`https://apps.${NAME}.slipway.test/api`);
  const seen = await waitFor(() => visitor.json<Seen>(`${urls["api"] ?? ""}/whoami`), {
    message: "an answer by way of the proxy",
  });
  expect(seen).toMatchObject({ scheme: "https", client: { host: lab.hostAddress } });
});

it("redirects plain http to the same URL without a port", async () => {
  const { status, headers } = await visitor.get(`http://apps.${NAME}.slipway.test/api/whoami`);
  expect([301, 308]).toContain(status);
  expect(headers["location"]).toBe(`https://apps.${NAME}.slipway.test/api/whoami`);
});
