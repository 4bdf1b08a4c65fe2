import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { Problems } from "../../components/base/errors.ts";
import { isValues, merge, type Values } from "../../components/base/values.ts";
import { schema } from "./schema.ts";
import { nearest } from "./words.ts";

/** Where a stack's configuration comes from. */
export interface ConfigSource {
  /** Name of the project, which is the namespace of the keys. */
  readonly project: string;
  readonly stack: string;
  /** Values by full key, `slipway:apps`; objects as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose value holds a secret. */
  readonly secretKeys?: readonly string[] | undefined;
  /**
   * Path of the site file: YAML or JSON with the same keys, for every stack of one place. It fills what the stack leaves out.
   */
  readonly site?: string | undefined;
}

/** The configuration of the stack that Pulumi runs, with the site file that `SLIPWAY_SITE` names. */
export function stackSource(): ConfigSource {
  const values = pulumi.runtime.allConfig();
  // Pulumi's own test for secrets is not part of its types; without it a secret would be shown in a message.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values,
    secretKeys: Object.keys(values).filter((key) => isConfigSecret(key)),
    site: process.env.SLIPWAY_SITE,
  };
}

const KEYS = schema.properties ?? {};

/** A stack's configuration as given, and which of it is secret or the site's. */
export interface RawConfig {
  readonly data: Values;
  /** Keys of the top level that hold a secret. */
  readonly secret: ReadonlySet<string>;
  /** What the stack itself gave. */
  readonly own: Values;
}

/** Reads the stack's values and the site file below them. */
export function rawConfig(source: ConfigSource, problems: Problems): RawConfig {
  const prefix = `${source.project}:`;
  const own = Object.fromEntries(
    Object.entries(source.values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), valueOf(key.slice(prefix.length), value)] as const)
      // Pulumi hands over the defaults of Pulumi.yaml, "" and {}, which mean that a key is not set.
      .filter(([key, value]) => !Object.hasOwn(KEYS, key) || (value !== "" && !isEmpty(value))),
  );
  checkForeign(source, problems);
  const site = source.site === undefined || source.site === "" ? {} : siteData(source.site, problems);
  const secret = (source.secretKeys ?? []).filter((key) => key.startsWith(prefix));
  return {
    data: merge(site, own),
    secret: new Set(secret.map((key) => key.slice(prefix.length))),
    own,
  };
}

/** Keys outside the project's namespace that look as if they were meant for it. */
function checkForeign({ project, values }: ConfigSource, problems: Problems): void {
  for (const [key, value] of Object.entries(values)) {
    const [namespace = "", name = ""] = key.split(":");
    if (namespace === project) continue;
    if (namespace === "kubernetes") {
      problems.add(
        key,
        value,
        `is not read, as the program has a provider of its own; see ${project}:cluster`,
      );
    } else if (nearest(namespace, [project]) !== undefined) {
      problems.add(key, value, `is not read; did you mean ${project}:${name}?`);
    }
  }
}

const isEmpty = (value: unknown): boolean => isValues(value) && Object.keys(value).length === 0;

/** Pulumi hands everything over as text: objects as JSON, which only the schema tells from a string. */
function valueOf(key: string, text: string): unknown {
  // What a stack file has as a bare date, Pulumi hands over in Go's words.
  if (KEYS[key]?.type === "string") return text.replace(/ 00:00:00 \+0000 UTC$/, "");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function siteData(path: string, problems: Problems): Values {
  let data: unknown;
  try {
    data = parse(readFileSync(path, "utf8"));
  } catch (error) {
    problems.add("SLIPWAY_SITE", path, `must name a YAML or JSON file: ${firstLine(error)}`);
    return {};
  }
  if (data === null || data === undefined) return {};
  if (isValues(data)) return data;
  problems.add("SLIPWAY_SITE", path, "must hold a map of the stack's configuration keys");
  return {};
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
