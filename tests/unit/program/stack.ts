import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";

import type { ClusterObject } from "../../../components/platform/taken.ts";
import type { ConfigSource } from "../../../program/config.ts";
import type { Outputs } from "../../../program/outputs.ts";
import { record, type Recording } from "../mocks.ts";

/** The root of the repository. */
export const root = join(import.meta.dirname, "../../..");

type Data = Record<string, unknown>;

/** The values of a committed stack file, as Pulumi hands them over, with changes laid over its top-level keys. */
export function stackValues(stack: string, changes: Data = {}): Record<string, string> {
  const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as { config: Data };
  return valuesOf({
    ...config,
    ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [`slipway:${key}`, value])),
  });
}

/** Values by full key: objects as JSON. */
const valuesOf = (config: Data): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** What `readConfig` is given for these keys. */
export const sourceOf = (config: Data, more: Partial<ConfigSource> = {}): ConfigSource => ({
  project: "slipway",
  stack: "test",
  values: valuesOf(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`slipway:${key}`, value])),
  ),
  ...more,
});

/** The apps of a committed stack file. */
export const appsOf = (stack: string): Record<string, Data> =>
  JSON.parse(stackValues(stack)["slipway:apps"] ?? "{}") as Record<string, Data>;

export type Program = Outputs;

interface RunOptions {
  readonly preview?: boolean;
  readonly rendered?: () => unknown[];
  readonly taken?: readonly ClusterObject[];
  readonly secretKeys?: readonly string[];
  readonly referenced?: Readonly<Record<string, Data>>;
}

/**
 * Runs the whole program for a stack, named `test` by the mocks.
 * @param rendered the resources that Traefik's chart makes
 * @param taken what is on the cluster
 * @param secretKeys keys of the configuration that hold a secret
 * @param referenced outputs of other stacks, by their full names
 */
export function run(
  stack: string,
  changes: Data = {},
  {
    preview = false,
    rendered = (): unknown[] => [],
    referenced = {},
    taken = [],
    secretKeys = [],
  }: RunOptions = {},
): Promise<Recording<Program>> {
  return record(
    async () => {
      pulumi.runtime.setAllConfig(
        stackValues(stack, changes),
        secretKeys.map((key) => `slipway:${key}`),
      );
      // The program runs when it is imported.
      vi.resetModules();
      vi.doMock("../../../program/taken.ts", () => ({ takenOn: () => Promise.resolve(taken) }));
      return (await import("../../../index.ts")).default;
    },
    {
      preview,
      outputs: ({ type, name, inputs }) =>
        type === "pulumi:pulumi:StackReference"
          ? { outputs: referenced[name] ?? {}, secretOutputNames: ["authorityKey"] }
          : outputsOf(type, name, inputs as Data, rendered),
    },
  );
}

/** What the providers would add. */
function outputsOf(type: string, name: string, inputs: Data, rendered: () => unknown[]): Data {
  if (type.startsWith("tls:")) {
    return {
      privateKeyPem: `key of ${name}`,
      certPem: `certificate of ${name}`,
      certRequestPem: `request of ${name}`,
      validityEndTime: "2036-01-01T00:00:00Z",
    };
  }
  if (type.startsWith("random:")) return { result: `result of ${name}` };
  if (type === "kubernetes:helm.sh/v4:Chart") return { resources: rendered() };
  return inputs;
}
