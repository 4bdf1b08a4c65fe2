import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, expect, it } from "vitest";

import { Progress } from "../../lab/base/progress.ts";
import { readRegistry } from "../../lab/cluster/index.ts";
import { pushAppImages } from "../../lab/images/index.ts";
import { objects, useStack } from "./harness/index.ts";

const { address, username, password } = await readRegistry();
const prefix = `${address}/team`;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  const authFile = join(directory, "auth.json");
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  await writeFile(authFile, JSON.stringify({ auths: { [address]: { auth } } }), { mode: 0o600 });
  await pushAppImages(new Progress(), prefix, { authFile, verifyTls: false });
  await rm(directory, { recursive: true });
});

const example = useStack("e2e-registry", {
  program: "examples/private-registry",
  config: { registry: prefix, username, progressDeadlineSeconds: 30 },
  secrets: { password },
});
const images = async (): Promise<string[]> => {
  const pods = await objects("pods", "--namespace", await example().output<string>("namespaceName"));
  const statuses = pods.flatMap(
    ({ status }) => (status as { containerStatuses: { image: string; ready: boolean }[] }).containerStatuses,
  );
  return statuses.filter(({ ready }) => ready).map(({ image }) => image);
};

it("pulls images with the password, which nothing shows", async () => {
  expect(await images()).toEqual([expect.stringContaining(`${prefix}/slipway-nginx:`)]);
  expect(await example().changes()).toEqual([]);
  const shown = (await example().exported()) + example().log;
  for (const text of [password, Buffer.from(`${username}:${password}`).toString("base64")]) {
    expect(shown).not.toContain(text);
    expect(shown).not.toContain(Buffer.from(text).toString("base64"));
  }
});

it("fails with the registry's answer when the password is wrong, and serves on", async () => {
  const before = await images();
  const printed = example().log.length;
  await example().configure({ password: "wrong", version: "2" });
  await expect(example().up()).rejects.toThrow();
  expect(example().log.slice(printed)).toMatch(/ImagePull.*(401 Unauthorized|authorization failed|denied)/s);
  expect(await images()).toEqual(before);

  await example().configure({ password });
  await example().up();
});
