import { describe, expect, it } from "vitest";

import { objects, useStack } from "./harness/index.ts";
import { fillRegistry } from "./harness/registry.ts";
import { beside, published } from "./stack/program.ts";

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

describe("a stack file", () => {
  const NAME = "e2e-from-registry";
  const namespaces = [`slipway-${NAME}`, `slipway-${NAME}-traefik`];
  // The node has none of these names, and asks the registry for each pod.
  const stack = useStack(NAME, {
    from: "dev",
    config: {
      registry: prefix,
      registryAuth: { username },
      traefik: {
        ...(beside(NAME)["traefik"] as object),
        image: { registry: prefix, pullPolicy: "Always" },
      },
      apps: { api: undefined, guide: undefined, portal: undefined, hello: { imagePullPolicy: "Always" } },
    },
    secrets: { "registryAuth.password": password },
  });

  it("has Traefik and its apps from one registry, whose password is in each namespace before its pods", async () => {
    const { client, urls } = await published(stack());
    expect((await client.get(`${urls["hello"] ?? ""}/whoami`)).status).toBe(200);
    await client.close();
    for (const namespace of namespaces) {
      const [secret] = await objects("secret/registry", "--namespace", namespace);
      const pods = await objects("pods", "--namespace", namespace);
      expect(pods.length).toBeGreaterThan(0);
      for (const { metadata, spec } of pods) {
        const { containers } = spec as { containers: { image: string }[] };
        for (const { image } of containers) expect(image).toContain(`${prefix}/`);
        expect(created(metadata)).toBeGreaterThanOrEqual(created(secret?.metadata));
      }
      const events = await objects("events", "--namespace", namespace, "--field-selector=reason=Failed");
      expect(events.map(({ message }) => message as string)).toEqual([]);
    }
    const shown = (await stack().exported()) + stack().log;
    expect(shown).not.toContain(password);
    expect(await stack().changes()).toEqual([]);
  });

  const created = (metadata: object | undefined): number =>
    Date.parse((metadata as { creationTimestamp: string }).creationTimestamp);
});
