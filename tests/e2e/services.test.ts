import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  Client,
  execIn,
  feed,
  kubectl,
  load,
  NODE_PORTS,
  objects,
  ownAddress,
  site,
  TestStack,
  waitFor,
} from "./harness/index.ts";

const NAME = "e2e-services";
const PORT = NODE_PORTS[NAME].http;
/** Of the range that this machine routes to the lab's node, and no pod is given an address of. */
const EXTERNAL = "198.19.64.80";

const { nodeAddress: address } = site().endpoint;

let stack: TestStack;
let namespace: string;
let elsewhere: Server;
let own: string;

beforeAll(async () => {
  own = await ownAddress(address);
  elsewhere = createServer((_, response) => response.end("from elsewhere")).listen(0, own);
  await once(elsewhere, "listening");
  stack = await TestStack.prepare(NAME, {
    program: "examples/services",
    config: {
      nodePort: PORT,
      externalName: "kubernetes.default.svc.cluster.local",
      externalAddresses: [EXTERNAL],
      endpoint: { address: own, port: (elsewhere.address() as AddressInfo).port },
    },
  });
  await stack.up();
  namespace = await stack.namespace();
});

afterAll(async () => {
  elsewhere.close();
  await stack.remove();
});

/** Runs Python in the client's pod, and gives what it printed as JSON. */
const inPod = async <T>(code: string): Promise<T> =>
  JSON.parse(
    await execIn(namespace, "deployment/client", [
      "python",
      "-c",
      `import json, os, socket, urllib.request as u\n${code}`,
    ]),
  ) as T;

const get = (url: string): Promise<string> =>
  inPod<string>(`print(json.dumps(u.urlopen("${url}", timeout=10).read().decode()))`);

/** Which pods answer a number of new connections. */
const answering = (service: string, times: number): Promise<string[]> =>
  inPod<string[]>(
    `ask = lambda: json.load(u.urlopen("http://${service}/whoami", timeout=10))["pod"]
print(json.dumps(sorted({ask() for _ in range(${times})})))`,
  );

/** Whether any of many new connections is answered by this machine. */
const isFromElsewhere = (service: string): Promise<boolean> =>
  inPod<boolean>(
    `ask = lambda: u.urlopen("http://${service}/", timeout=10).read().decode()
print(json.dumps("from elsewhere" in [ask() for _ in range(40)]))`,
  );

/** One more endpoint of a Service, as if there were a second node with a pod. */
const sliceOnAnotherNode = (service: string, address: string, port: number) => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: `${service}-elsewhere`, namespace, labels: { "kubernetes.io/service-name": service } },
  addressType: "IPv4",
  endpoints: [{ addresses: [address], nodeName: "another-node" }],
  ports: [{ name: "http", port }],
});

const addressesOf = (service: string): Promise<string[]> =>
  inPod<string[]>(`print(json.dumps(sorted(socket.gethostbyname_ex("${service}")[2])))`);

const podNames = async (): Promise<string[]> =>
  (await objects("pods", "--namespace", namespace, "-lapp.kubernetes.io/name=web")).map(
    ({ metadata }) => metadata.name,
  );

describe("from outside", () => {
  it("NodePort spreads connections over the pods, which see the client's own address", async () => {
    const client = new Client({ address, keepAlive: false });
    const url = `http://${address}:${PORT}/whoami`;
    interface Seen {
      readonly pod: string;
      readonly client: { readonly host: string };
    }
    const seen = ({ body }: { body: string }) => JSON.parse(body) as Seen;
    const report = await load(client, url, { requests: 60, key: (answer) => seen(answer).pod });
    expect(report.failed).toEqual([]);
    expect(Object.keys(report.answers).sort()).toEqual((await podNames()).sort());
    expect((await client.json<Seen>(url)).client.host).toBe(own);
    await client.close();
  });

  it("external addresses lead to the pods", async () => {
    const client = new Client({ address: EXTERNAL, keepAlive: false });
    const { pod } = await client.json<{ pod: string }>(`http://${EXTERNAL}/whoami`);
    expect(await podNames()).toContain(pod);
    await client.close();
  });

  it("refuses an external address that is a node's, in preview", async () => {
    await stack.configure({ externalAddresses: [address] });
    await expect(stack.preview()).rejects.toThrow(`"${address}" is a node's own address`);
    await stack.configure({ externalAddresses: [EXTERNAL] });
    expect(await stack.changes()).toEqual([]);
  });
});

describe("from inside", () => {
  it("a Service has a name in DNS and variables in the environment, for the same address", async () => {
    const dns = await stack.output<string>("dns");
    const [byName, byVariable, ports] = await inPod<[string, string, string[]]>(
      `names = ["WEB_SERVICE_PORT", "WEB_SERVICE_PORT_HTTP", "WEB_SERVICE_PORT_ADMIN"]
print(json.dumps([socket.gethostbyname("${dns}"), os.environ["WEB_SERVICE_HOST"], [os.environ[n] for n in names]]))`,
    );
    expect(byName).toBe(byVariable);
    expect(ports).toEqual(["80", "80", "443"]);
  });

  it("a Service made after the pod, and one of another namespace, have a name in DNS and no variables", async () => {
    const neighbour = await stack.output<string>("neighbourDns");
    const names = await inPod<string[]>(`print(json.dumps([n for n in os.environ if "_SERVICE_" in n]))`);
    expect(names).toContain("WEB_SERVICE_HOST");
    expect(names.filter((name) => /LATE|NEIGHBOUR/.test(name))).toEqual([]);
    expect(JSON.parse(await get("http://web-late/whoami"))).toHaveProperty("pod");
    expect(await get(`http://${neighbour}/version`)).toBe("neighbour\n");
    const short = `u.urlopen("http://neighbour/", timeout=10)`;
    await expect(inPod(short)).rejects.toThrow(/Name or service not known|No address|name resolution/);
  });

  it("named ports have SRV records: the Service's own port, or each pod's of a headless one", async () => {
    const [dns] = await objects("service/kube-dns", "--namespace", "kube-system");
    const resolver = new Resolver({ timeout: 5_000 });
    resolver.setServers([(dns?.["spec"] as { clusterIP: string }).clusterIP]);
    const domain = `${namespace}.svc.cluster.local`;
    const records = async (port: string, service: string) =>
      (await resolver.resolveSrv(`_${port}._tcp.${service}.${domain}`)).map(({ name, port }) => ({
        name,
        port,
      }));
    expect(await records("http", "web")).toEqual([{ name: `web.${domain}`, port: 80 }]);
    expect(await records("admin", "web")).toEqual([{ name: `web.${domain}`, port: 443 }]);
    const peers = await records("http", "web-peers");
    expect(peers.map(({ port }) => port)).toEqual([9376, 9376, 9376]);
    const addresses = await Promise.all(peers.map(({ name }) => resolver.resolve4(name)));
    expect(addresses.flat().sort()).toEqual(await addressesOf("web-peers"));
  });

  it("two named ports lead to the two programs of a pod", async () => {
    expect(JSON.parse(await get("http://web:80/whoami"))).not.toHaveProperty("title", "Admin");
    expect(JSON.parse(await get("http://web:443/whoami"))).toHaveProperty("title", "Admin");
  });

  it("session affinity keeps a client on one pod, where otherwise it sees them all", async () => {
    expect(await answering("web", 40)).toHaveLength(3);
    expect(await answering("web-sticky", 40)).toHaveLength(1);
  });

  it("a headless Service has the pods' own addresses", async () => {
    const pods = await objects("pods", "--namespace", namespace, "-lapp.kubernetes.io/name=web");
    const addresses = pods.map(({ status }) => (status as { podIP: string }).podIP).sort();
    expect(await addressesOf("web-peers")).toEqual(addresses);
  });

  it("a headless Service may have pods that are not ready, which no other Service leads to", async () => {
    const [away = ""] = await podNames();
    const admin = ["--namespace", namespace, away, "--container", "admin", "--"];
    const [pod] = await objects(`pod/${away}`, "--namespace", namespace);
    const { podIP } = pod?.["status"] as { podIP: string };
    await kubectl("exec", ...admin, "touch", "/tmp/away");
    try {
      const others = async (): Promise<boolean> => !(await answering("web", 20)).includes(away);
      await waitFor(others, { message: `pod ${away} to get no more traffic` });
      expect(await answering("web", 40)).toHaveLength(2);
      expect(await addressesOf("web-peers")).toContain(podIP);
      expect(await addressesOf("web-peers")).toHaveLength(3);
    } finally {
      await kubectl("exec", ...admin, "rm", "/tmp/away");
    }
    await waitFor(async () => (await answering("web", 40)).length === 3, { message: "all three to answer" });
  });

  it("internal traffic may be kept on the client's node", async () => {
    const { port } = elsewhere.address() as AddressInfo;
    const slices = ["web", "web-near"].map((service) => sliceOnAnotherNode(service, own, port));
    const list = { apiVersion: "v1", kind: "List", items: slices };
    await feed(list, "apply");
    try {
      await waitFor(() => isFromElsewhere("web"), { message: "the endpoint on another node to answer" });
      expect(await isFromElsewhere("web-near")).toBe(false);
    } finally {
      await feed(list, "delete");
    }
    const gone = async (): Promise<boolean> => !(await isFromElsewhere("web"));
    await waitFor(gone, { message: "the endpoint on another node to be gone" });
  });

  it("addresses of both families are preferred, and required only where the cluster has both", async () => {
    const [web] = await objects("service/web", "--namespace", namespace);
    expect(web?.["spec"]).toMatchObject({ ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv4"] });
    await stack.configure({ ipFamilyPolicy: "RequireDualStack" });
    await expect(stack.preview()).rejects.toThrow("this cluster is not configured for dual-stack services");
    await stack.configure({ ipFamilyPolicy: undefined });
  });

  it("an ExternalName is an alias of the host elsewhere", async () => {
    const [canonical] = await inPod<[string]>(`print(json.dumps(socket.gethostbyname_ex("outside")))`);
    expect(canonical).toBe("kubernetes.default.svc.cluster.local");
  });

  it("a Service without selector leads to an endpoint outside the cluster", async () => {
    expect(await get("http://legacy/")).toBe("from elsewhere");
  });
});

it("a pod's port changes, and no Service that knows it by name", async () => {
  await stack.configure({ port: 9378 });
  const changed = await stack.changes();
  expect(changed.map(({ resource }) => resource).sort()).toEqual([
    "kubernetes:apps/v1:Deployment web",
    "kubernetes:core/v1:Service peers",
  ]);
  await stack.up();
  const client = new Client({ address, keepAlive: false });
  await waitFor(() => client.json(`http://${address}:${PORT}/whoami`), {
    message: "an answer from the new port",
  });
  await client.close();
});
