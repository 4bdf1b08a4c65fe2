import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lab, metallbImages } from "../../lab/cluster/index.ts";
import {
  Client,
  kubectl,
  leftovers,
  objects,
  ownAddress,
  ROOT,
  TestStack,
  waitFor,
} from "./harness/index.ts";
import { type FilledRegistry, fillWithMetallb } from "./harness/registry.ts";

const PROGRAM = "examples/load-balancer";
/** The whole pool that the lab's network has room for: 26 addresses. */
const POOL = "198.18.77.100-198.18.77.125";

/** Directory of MetalLB's chart, where its makers' is out of reach. */
const CHART = process.env["SLIPWAY_METALLB_CHART"];

/** Whether somebody's MetalLB is in the cluster: it can be there once. */
const present =
  (await kubectl(
    "get",
    "deployments",
    "--all-namespaces",
    "-lapp.kubernetes.io/name=metallb",
    "--output",
    "name",
  )) !== "";

describe("with MetalLB, from a registry with a password", () => {
  const NAME = "e2e-balanced";
  let stack: TestStack;
  let address: string;
  let mirror: FilledRegistry;

  beforeAll(async () => {
    mirror = await fillWithMetallb();
    stack = await TestStack.prepare(NAME, {
      program: PROGRAM,
      config: {
        pool: POOL,
        installMetalLB: !present,
        metallbChart: CHART && { chart: CHART },
        mirror: mirror.prefix,
        username: mirror.username,
      },
      secrets: { password: mirror.password },
    });
    await stack.up();
    address = await stack.output<string>("address");
  });

  afterAll(() => stack.remove());

  it("a Service gets the first address of the pool, and is reached there by ARP", async () => {
    expect(address).toBe("198.18.77.100");
    const client = new Client({ address, keepAlive: false });
    const answer = await waitFor(() => client.get(`http://${address}/`), {
      message: `an answer from ${address}`,
    });
    expect(answer.status).toBe(200);
    await client.close();
  });

  it("has MetalLB's images from there, and shows the password nowhere", async ({ skip }) => {
    skip(present, "MetalLB is somebody's already, with images of theirs");
    const pods = await objects("pods", "--namespace=metallb-system");
    const images = pods.flatMap(({ spec }) =>
      (spec as { containers: { image: string }[] }).containers.map(({ image }) => image),
    );
    expect(new Set(images)).toEqual(
      new Set(metallbImages.map((image) => image.replace("quay.io", mirror.prefix))),
    );
    expect((await stack.exported()) + stack.log).not.toContain(mirror.password);
  });

  it("opens no node port for it", async () => {
    const [service] = await objects("services", "web", "--namespace", await stack.namespace());
    expect((service?.["spec"] as { ports: object[] }).ports[0]).not.toHaveProperty("nodePort");
  });

  it("previews empty", async () => {
    expect(await stack.changes()).toEqual([]);
  });

  it("lets in only clients of the source ranges", async () => {
    const client = new Client({ address, keepAlive: false });
    const tries = (): Promise<PromiseSettledResult<unknown>[]> =>
      Promise.allSettled(Array.from({ length: 10 }, () => client.get(`http://${address}/`)));
    const all = async (status: PromiseSettledResult<unknown>["status"]): Promise<boolean> =>
      (await tries()).every((tried) => tried.status === status);
    await stack.deploy({ sourceRanges: ["203.0.113.0/24"] });
    await waitFor(() => all("rejected"), { message: "no answer to a stranger" });
    expect(await all("rejected")).toBe(true);
    await stack.deploy({ sourceRanges: ["203.0.113.0/24", `${await ownAddress(address)}/32`] });
    await waitFor(() => all("fulfilled"), { message: "answers to a client of the range" });
    await client.close();
  });

  it("gives the address that is asked for", async () => {
    const chosen = "198.18.77.110";
    await stack.deploy({ address: chosen, sourceRanges: undefined });
    expect(await stack.output("address")).toBe(chosen);
    const client = new Client({ address: chosen, keepAlive: false });
    const answer = await waitFor(() => client.get(`http://${chosen}/`), {
      message: `an answer from ${chosen}`,
    });
    expect(answer.status).toBe(200);
    await client.close();
  });

  it("leaves nothing behind on destroy", async () => {
    await stack.destroy();
    await waitFor(async () => (await leftovers(NAME, `load-balancer-${NAME}`)).length === 0, {
      message: "an empty cluster",
    });
  });
});

describe("without an address to give", () => {
  const NAME = "e2e-unbalanced";
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.prepare(NAME, { program: PROGRAM, config: { timeoutSeconds: 15 } });
  });

  afterAll(() => stack.remove());

  it("says why it would wait for ever, and what to do", async () => {
    await expect(stack.up()).rejects.toThrow();
    expect(stack.log).toContain("service web: no load balancer gave it an address within 15 s");
    expect(stack.log).toContain("components/metallb");
  });
});

describe("Traefik without an address to get", () => {
  const NAME = "e2e-no-address";
  let stack: TestStack;

  beforeAll(async () => {
    const service = { type: "LoadBalancer", loadBalancerClass: "example.com/none", timeoutSeconds: 15 };
    stack = await TestStack.prepare(NAME, {
      from: "dev",
      config: {
        traefik: { service, web: undefined, websecure: undefined },
        apps: { api: undefined, guide: undefined, hello: undefined },
      },
    });
  });

  afterAll(() => stack.remove());

  it("fails in the time it has, and says why", async () => {
    await expect(stack.up()).rejects.toThrow();
    expect(stack.log).toContain(
      "service traefik: no load balancer of class example.com/none gave it an address within 15 s",
    );
    expect(stack.log).toContain("or use service.type NodePort");
  });
});

describe("prod as it is committed", () => {
  /** What `make` runs. */
  const make = (verb: string) =>
    execa(join(ROOT, "lab/run"), [verb], { cwd: ROOT, env: { STACK: "prod" }, all: true });
  const pulumi = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await execa("pulumi", [...args, "--json"], { cwd: ROOT })).stdout);
  const output = async (name: string): Promise<unknown> =>
    ((await pulumi("stack", "output", "--stack", "prod")) as Record<string, unknown>)[name];
  /** Whether somebody has that stack: then it stays. */
  let kept: boolean;

  beforeAll(async () => {
    kept = ((await pulumi("stack", "ls")) as { name: string }[]).some(({ name }) => name === "prod");
  });

  afterAll(async () => {
    if (kept) return;
    await make("down");
    if (present) return;
    await execa("helm", ["uninstall", lab.name, "--namespace", "metallb-system", "--wait"]);
    await kubectl("delete", "namespace", "metallb-system", "--wait");
  });

  it("gets its load balancer and its address from `make up` alone, and answers on 443", async () => {
    const { all } = await make("up");
    const urls = (await output("urls")) as Record<string, string>;
    expect(Object.values(urls).sort()).toEqual([
      "https://apps.prod.slipway.test/api",
      "https://apps.prod.slipway.test/guide",
      "https://hello.prod.slipway.test",
      "https://portal.prod.slipway.test",
    ]);
    for (const url of Object.values(urls)) expect(all).toContain(url);
    const { address } = (await output("endpoint")) as { address: string };
    if (!present) expect(address).toBe(lab.loadBalancerRange.split("-")[0]);
    const client = new Client({ address, ca: (await output("caCertificate")) as string });
    expect((await client.get(`${urls["api"] ?? ""}/items`)).status).toBe(200);
    const { status, headers } = await client.get("http://hello.prod.slipway.test/whoami");
    expect([301, 308]).toContain(status);
    expect(headers["location"]).toBe("https://hello.prod.slipway.test/whoami");
    await client.close();
  });
});
