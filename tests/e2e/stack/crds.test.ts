import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { objects, TestStack, type KubeObject } from "../harness/index.ts";
import { beside, published } from "./program.ts";

const NAME = "e2e-crds";

const isTraefiks = ({ metadata }: KubeObject): boolean => metadata.name.endsWith(".traefik.io");

const definitions = async (): Promise<KubeObject[]> => (await objects("crds")).filter(isTraefiks);

/** A cluster has the definitions once: where they are somebody's already, a stack must not make and remove them. */
const taken = (await definitions()).length > 0;

let directory: string;
let stack: TestStack;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-crds-"));
  const file = join(directory, "crds.json");
  const items = (await definitions()).map((definition) => ({
    ...definition,
    metadata: { name: definition.metadata.name },
    status: undefined,
  }));
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      ...beside(NAME),
      traefik: {
        ...(beside(NAME)["traefik"] as object),
        crds: "install",
        ...(taken && { crdFiles: [file] }),
      },
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
  });
});

afterAll(async () => {
  await stack.remove();
  await rm(directory, { recursive: true });
});

it("previews the ten traefik.io definitions, and none of Traefik Hub", async () => {
  const made = (await stack.changes()).flatMap(
    ({ resource }) => /CustomResourceDefinition .*?([\w.-]+)$/.exec(resource)?.[1] ?? [],
  );
  expect(made).toHaveLength(10);
  expect(made.filter((name) => !name.endsWith(".traefik.io") || name.endsWith(".hub.traefik.io"))).toEqual(
    [],
  );
});

it("makes the definitions with the stack, and removes them with it", async ({ skip }) => {
  skip(taken, "the cluster has traefik.io definitions that are not this stack's");
  await stack.up();
  const { client } = await published(stack);
  await client.close();
  expect(await definitions()).toHaveLength(10);
  await stack.destroy();
  expect(await definitions()).toEqual([]);
});
