import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "yaml";

/** Plain configuration, as in a stack file. */
export interface Config {
  readonly [key: string]: unknown;
}

const isObject = (value: unknown): value is Config =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One configuration laid over another: objects key by key, anything else as a whole; `undefined` leaves a key out. */
export function merged(base: Config, over: Config): Config {
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  const values = [...keys].map(
    (key) => [key, key in over ? layered(base[key], over[key]) : base[key]] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

const layered = (below: unknown, value: unknown): unknown =>
  isObject(value) ? merged(isObject(below) ? below : {}, value) : value;

/** The configuration of a committed stack of a program in a directory. */
export async function stackFile(program: string, stack: string): Promise<Config> {
  const { config = {} } = parse(await readFile(join(program, `Pulumi.${stack}.yaml`), "utf8")) as {
    config?: Config;
  };
  return config;
}

/** Configuration with a project's name before each key that has none. */
export const qualified = (project: string, config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
