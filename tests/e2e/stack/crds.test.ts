import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { toolchainLayout } from "../../../lab/toolchain/index.ts";
import { ControlPlane, leftovers, objects, TestStack } from "../harness/index.ts";

const NAME = "e2e-crds";

const definitions = async (): Promise<string[]> =>
  (await objects("crds")).map(({ metadata }) => metadata.name).filter((name) => name.endsWith("traefik.io"));

let directory: string;
let plane: ControlPlane;
let stack: TestStack;

/** The lab's stacks share its definitions, so the one that makes its own has an API server to itself. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-crds-"));
  const file = join(directory, "crds.json");
  const items = (await objects("crds"))
    .filter(({ metadata }) => metadata.name.endsWith("traefik.io"))
    .map((definition) => ({
      ...definition,
      metadata: { name: definition.metadata.name },
      status: undefined,
    }));
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  plane = await ControlPlane.start(join(toolchainLayout().programs, "kubernetes"));
  const traefik = {
    web: { nodePort: 35_000 },
    websecure: { nodePort: 35_001 },
    crds: "install",
    crdFiles: [file],
  };
  const endpoint = { nodePortRange: "30000-36000" };
  stack = await TestStack.prepare(NAME, { from: "dev", config: { endpoint, traefik } });
});

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    await plane.stop();
    await rm(directory, { recursive: true });
  }
});

it("makes the ten traefik.io definitions before what is of their kinds, and none of Traefik Hub", async () => {
  expect(await definitions()).toEqual([]);
  await stack.up();
  const made = await definitions();
  expect(made).toHaveLength(10);
  expect(made.filter((name) => name.endsWith(".hub.traefik.io"))).toEqual([]);
  expect(await objects("ingressroutes", "--all-namespaces")).not.toEqual([]);
});

it("has node ports of the range that the API server was told", async () => {
  const services = await objects("services", "--all-namespaces");
  const ports = services.flatMap(({ spec }) => (spec as { ports: { nodePort?: number }[] }).ports);
  expect(ports.flatMap(({ nodePort }) => nodePort ?? []).sort()).toEqual([35_000, 35_001]);
});

it("previews empty when nothing has changed", async () => {
  expect(await stack.changes()).toEqual([]);
});

it("removes them after the last of their kinds, and leaves nothing", async () => {
  await stack.destroy();
  expect(await definitions()).toEqual([]);
  expect(await leftovers(NAME, `slipway-${NAME}`)).toEqual([]);
});
