import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type Answer,
  Client,
  type Config,
  kubectl,
  load,
  loadDuring,
  LOCAL_ADDRESSES,
  said,
  useExample,
  waitFor,
  withLocalAddresses,
} from "./harness/index.ts";

// Local: or every client has the node's address.
const service = { type: "NodePort", externalTrafficPolicy: "Local" };
const example = useExample("canary-and-mirror", "e2e-canary", { config: { traefik: { service } } });
const { url } = example;
const client = example.client();
const get = (name: string, path = "/version", headers: Record<string, string> = {}) =>
  client.get(url(`${name}.test`, path), headers);

beforeAll(async () => {
  await waitFor(async () => (await get("rescue")).status === 200, { message: "Traefik to serve the routes" });
});
afterAll(() => client.close());

it("sends every fourth request to the canary", async () => {
  const { failed, answers } = await load(client, url("canary.test", "/version"), {
    requests: 2_000,
    key: said,
  });
  expect(failed).toEqual([]);
  const { v1 = 0, v2 = 0 } = answers;
  expect(v1 + v2).toBe(2_000);
  // Traefik goes by turns, so the share is exact but for what the workers have under way.
  expect(v2).toBeGreaterThan(480);
  expect(v2).toBeLessThan(520);
});

it("keeps a client with the version it met first", async () => {
  const first = await get("sticky");
  const cookie = first.headers["set-cookie"] ?? "";
  expect(cookie).toMatch(/^version=.*; HttpOnly; SameSite=Lax$/);
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  for (let n = 0; n < 20; n++) expect(said(await get("sticky", "/version", headers))).toBe(said(first));
  const others = await Promise.all(Array.from({ length: 8 }, () => get("sticky")));
  expect(new Set(others.map(said))).toEqual(new Set(["v1", "v2"]));
});

it("keeps a client with the version that its address leads to", async () => {
  const met = await withLocalAddresses(() =>
    Promise.all(
      LOCAL_ADDRESSES.map(async (localAddress) => {
        const from = new Client({ address: example.address, localAddress });
        const seen = await from.json<{ headers: object }>(url("failover.test", "/whoami"));
        expect(seen.headers).toMatchObject({ "x-real-ip": localAddress });
        const { failed, answers } = await load(from, url("address.test", "/version"), {
          requests: 50,
          concurrency: 2,
          key: said,
        });
        await from.close();
        expect(failed).toEqual([]);
        expect(Object.values(answers)).toEqual([50]);
        return Object.keys(answers).join();
      }),
    ),
  );
  expect(new Set(met)).toEqual(new Set(["v1", "v2"]));
});

it("copies requests to the mirror, whose answers nobody sees", async () => {
  const marks = Array.from({ length: 20 }, (_, n) => `/mirrored-${Date.now()}-${n}`);
  for (const mark of marks) {
    const { status, headers } = await get("mirror", mark);
    // nginx's 404, not FastAPI's.
    expect([status, headers["x-app-version"]]).toEqual([404, "v1"]);
  }
  const namespace = await example.stack().namespace();
  await waitFor(
    async () => {
      const log = await kubectl("logs", `--namespace=${namespace}`, "deployment/echo", "--tail=-1");
      return marks.every((mark) => log.includes(mark));
    },
    { message: "every copy to arrive", deadline: 20_000 },
  );
});

it("asks a second service when the first fails, or is not there", async () => {
  expect((await get("failover", "/whoami")).body).toContain('"version":"echo"');
  // FastAPI's own 404 is an answer, its 500 is a failure, and nginx has no such page.
  expect((await get("failover", "/nowhere")).headers).toMatchObject({ "x-app-version": "echo" });
  expect(await get("failover", "/status/500")).toMatchObject({
    status: 404,
    headers: { "x-app-version": "v1" },
  });
  expect(await get("rescue")).toMatchObject({ status: 200, body: "v1\n" });
});

it("is led over to the new version by a TraefikService, and the old one removed, without a lost request", async () => {
  const release = url("release.test", "/version");
  const served = async (): Promise<string> => {
    const { answers } = await load(client, release, { requests: 20, key: said });
    return Object.keys(answers).sort().join();
  };
  await waitFor(async () => (await served()) === "new,old", { message: "answers of both versions" });
  const namespace = await example.stack().namespace();
  const names = async (): Promise<string> =>
    kubectl("get", "deployments,services,pods", `--namespace=${namespace}`, "--output=name");
  const gone = async (): Promise<boolean> => !/\/old\b/.test(await names());
  const rollout = example
    .stack()
    .deploy({ release: { new: 1 } })
    .then(() => waitFor(gone, { message: "the old version to be removed" }));
  await loadDuring(rollout, client, release, { requests: 500, concurrency: 2 });
  expect(await served()).toBe("new");
});

describe("a canary of an app", () => {
  const shop = url("shop.test", "/healthz");
  const who = ({ headers }: Answer): string =>
    headers["x-served-by"]?.startsWith("shop-canary-") === true ? "canary" : "app";
  const step = (config: Config): Promise<unknown> => example.stack().deploy(config);

  it("is promoted step by step, and no request is lost", async () => {
    const promote = async (): Promise<void> => {
      await step({ weight: 10 });
      await step({ weight: 60 });
      await step({ weight: 100 });
      await waitFor(
        async () => {
          const { answers } = await load(client, shop, { requests: 40, key: who });
          return Object.keys(answers).join() === "canary";
        },
        { message: "all requests to go to the canary" },
      );
      await step({ weight: undefined, image: "fastapi" });
    };
    const { answers, sent } = await loadDuring(promote(), client, shop, {
      requests: 5_000,
      // One after another: enough to notice a gap of milliseconds, and the cluster has the machine for the rollout.
      concurrency: 1,
      key: who,
    });
    expect(sent).toBeGreaterThanOrEqual(5_000);
    expect(Object.keys(answers).sort()).toEqual(["app", "canary"]);
    const deployments = await kubectl(
      "get",
      "deployments",
      "--all-namespaces",
      "--selector=app.kubernetes.io/instance=canary-and-mirror-e2e-canary",
      "--output=name",
    );
    expect(deployments).not.toContain("shop-canary");
  });

  it("changes the route alone when only its weight does", async () => {
    await step({ weight: 10, image: "nginx" });
    await example.stack().configure({ weight: 20 });
    expect(await example.stack().changes()).toMatchObject([
      { op: "update", resource: expect.stringContaining("IngressRoute shop-route") as string },
    ]);
  });
});
