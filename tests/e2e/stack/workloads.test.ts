import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { type Config, execIn, kubectl, objects, ROOT, TestStack, waitFor } from "../harness/index.ts";
import { beside, published, type Published } from "./program.ts";

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
  stack = await TestStack.prepare(NAME, { config: { traefik, ...(await guide()) } });
  await stack.up();
  at = await published(stack);
});

afterAll(() => stack.remove());

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

describe("an app that is removed", () => {
  it("takes its pods along, and those volumes that review said", async () => {
    const apps = Object.fromEntries(
      ["api", "store", "seed", "agent", "report"].map((app) => [app, undefined]),
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
