import { expect, it } from "vitest";

import { objects, useStack } from "./harness/index.ts";
import { fillRegistry } from "./harness/registry.ts";

const { prefix, username, password } = await fillRegistry();

const example = useStack("e2e-registry", {
  program: "examples/private-registry",
  config: { registry: prefix, username, progressDeadlineSeconds: 30 },
  secrets: { password },
});
const images = async (): Promise<string[]> => {
  const pods = await objects("pods", "--namespace", await example().namespace());
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

  // Another version makes another pod: the one that failed asks the registry again after minutes only.
  await example().configure({ password, version: "3" });
  await example().up();
});
