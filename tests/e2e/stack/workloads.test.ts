import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import {
  Client,
  type Config,
  conflicts,
  dnsRecords,
  execIn,
  kubectl,
  merged,
  objects,
  ROOT,
  TestStack,
  waitFor,
} from "../harness/index.ts";
import { answering, beside, published, type Published } from "./program.ts";

const NAME = "e2e-kinds";
const NAMESPACE = `slipway-${NAME}`;

let stack: TestStack;
let at: Published;

/** The stack file in the guide. */
async function guide(): Promise<Config> {
  const text = await readFile(join(ROOT, "docs/workloads.md"), "utf8");
  const [, block = ""] = /```yaml\n(.*?)```/s.exec(text) ?? [];
  const { config } = parse(block) as { config: Config };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("slipway:", ""), value]),
  );
}

beforeAll(async () => {
  const traefik = { service: { type: "NodePort" }, ...(beside(NAME)["traefik"] as Config) };
  stack = await TestStack.prepare(NAME, { config: merged({ traefik, ...(await guide()) }, ODD_FORMS) });
  await stack.up();
  at = await published(stack);
});

afterAll(() => stack.remove());

/** Quantities that the API server writes otherwise than people may. */
const ODD_FORMS: Config = {
  apps: {
    api: { claims: { files: { storage: "65536Ki" } } },
    store: { resources: { requests: { cpu: "0.05", memory: "0.0625Gi" } } },
  },
};

const log = (job: string): Promise<string> => kubectl("logs", "--namespace", NAMESPACE, `job/${job}`);
const names = async (...of: string[]): Promise<string[]> =>
  (await objects(...of, "--namespace", NAMESPACE)).map(({ metadata }) => metadata.name).sort();

const write = (pod: string, text: string): Promise<string> =>
  execIn(NAMESPACE, pod, ["python", "-c", `open("/data/note", "w").write("${text}")`]);
const read = (pod: string): Promise<string> => execIn(NAMESPACE, pod, ["cat", "/data/note"]);

describe("a stack file with every kind of workload", () => {
  it("publishes those that serve, and no other", async () => {
    expect(Object.keys(at.urls).sort()).toEqual(["api", "store"]);
    const { pod } = await at.client.json<{ pod: string }>(`${at.urls["store"] ?? ""}/whoami`);
    expect(pod).toMatch(/^store-[01]$/);
    expect(await stack.changes()).toEqual([]);
  });

  it("would not conflict with the next run, whatever form its quantities have", async () => {
    expect(await conflicts(stack)).toEqual([]);
  });

  it("has run its Job, and runs the API's image by its schedule", async () => {
    expect(await log("seed")).toBe("seeded\n");
    await kubectl("create", "job", "--from", "cronjob/report", "now", "--namespace", NAMESPACE);
    const items = await at.client.get(`${at.urls["api"] ?? ""}/items`);
    await waitFor(async () => (await log("now")).trim() === items.body.trim(), { message: "the report" });
    await kubectl("delete", "job", "now", "--namespace", NAMESPACE);
  });

  it("has a pod on every node", async () => {
    const [agent] = await objects("daemonset/agent", "--namespace", NAMESPACE);
    const { desiredNumberScheduled, numberReady } = agent?.["status"] as Record<string, number>;
    expect(numberReady).toBeGreaterThan(0);
    expect(numberReady).toBe(desiredNumberScheduled);
  });

  it("gives its pods volumes that they may write to, shared ones and their own", async () => {
    expect(await names("persistentvolumeclaims")).toEqual(["api-files", "data-store-0", "data-store-1"]);
    await write("deployment/api", "of api");
    await write("store-0", "of store");
    await kubectl("delete", "pod", "store-0", "--namespace", NAMESPACE, "--wait");
    await kubectl("wait", "--for=condition=Ready", "pod/store-0", "--namespace", NAMESPACE, "--timeout=60s");
    expect(await read("store-0")).toBe("of store");
  });
});

describe("a stack file with every kind of route", () => {
  it("publishes an Ingress, one with annotations of ingress-nginx, and an HTTPRoute", async () => {
    const image = "fastapi";
    await stack.configure({
      apps: {
        ingress: { image, kind: "ingress" },
        nginx: { image, kind: "ingress", path: "/a", nginx: { "rewrite-target": "/whoami" } },
        gateway: {
          ...{ image, kind: "httpRoute", path: "/a", stripPrefix: true },
          annotations: { "external-dns.kubernetes.io/target": "203.0.113.9" },
        },
        api: { annotations: { "external-dns.kubernetes.io/target": "203.0.113.7" } },
        store: { annotations: { "external-dns.alpha.kubernetes.io/target": "203.0.113.8" } },
      },
    });
    await stack.up();
    at = await published(stack);
    const seen = async (app: string, path: string): Promise<{ path: string; scheme: string }> =>
      at.client.json(`${at.urls[app] ?? ""}${path}`);
    expect(await seen("ingress", "/whoami")).toMatchObject({ path: "/whoami", scheme: "https" });
    expect(await seen("nginx", "")).toMatchObject({ path: "/whoami" });
    expect((await seen("gateway", "/whoami")).path).toMatch(/whoami$/);
    expect(await stack.changes()).toEqual([]);
  });

  it("has its names read by ExternalDNS, with the target that annotations name, or Traefik's address where there is a status", async () => {
    const records = (targets: Record<string, string>): string[] =>
      Object.entries(targets).map(([app, target]) => `${app}.${NAME}.slipway.test A ${target}`);
    const { address } = at.endpoint;
    const api = "203.0.113.7";
    const gateway = "203.0.113.9";
    expect(await dnsRecords(NAME)).toEqual(records({ api, gateway, ingress: address, nginx: address }));
    // Before 0.22 annotations had another prefix. Without one, an IngressRoute has no names.
    const former = "--annotation-prefix=external-dns.alpha.kubernetes.io/";
    expect(await dnsRecords(NAME, former)).toEqual(
      records({ gateway: address, ingress: address, nginx: address, store: "203.0.113.8" }),
    );
  });
});

describe("an app that is removed", () => {
  it("takes its pods along, and those volumes that review said", async () => {
    const apps = Object.fromEntries(
      ["api", "store", "seed", "agent", "report", "ingress", "nginx", "gateway"].map((app) => [
        app,
        undefined,
      ]),
    );
    await stack.configure({ apps: { ...apps, hello: { image: "fastapi" } } });
    const { stdout } = await stack.slipway("review");
    expect(stdout).toMatch(/StatefulSet \S+\/store\b.*its claims data-store-… are deleted with it/s);
    expect(stdout).toMatch(/forgotten PersistentVolumeClaim \S+\/api-files/);
    await stack.up();
    expect(await names("pods")).toEqual([expect.stringMatching(/^hello-/)]);
    await waitFor(async () => (await names("persistentvolumeclaims")).join() === "api-files", {
      message: "the claims of store to go, and that of api to stay",
    });
  });

  it("finds what stayed again", async () => {
    await stack.configure({ ...(await guide()), apps: undefined });
    const { apps } = (await guide()) as { apps: Config };
    await stack.configure({ apps: { api: apps["api"] } });
    const recovered = await stack.slipway("recover");
    expect(recovered.stderr + recovered.stdout).toContain("api-files");
    await stack.up();
    expect(await read("deployment/api")).toBe("of api");
  });
});

it("a stack without TLS is served by plain http, without a redirect", async () => {
  await stack.configure({ tls: { enabled: false } });
  await stack.up();
  const { api = "" } = await stack.output<Record<string, string>>("urls");
  expect(api).toBe(`http://api.${NAME}.slipway.test:${at.endpoint.http}`);
  const client = new Client({ address: at.endpoint.address });
  await answering(client, `${api}/whoami`);
  expect(await client.json(`${api}/whoami`)).toMatchObject({ scheme: "http" });
  await client.close();
  expect(await objects("secrets", "--namespace", NAMESPACE)).toEqual([]);
});
