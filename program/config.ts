import { z } from "zod";

import { Problems } from "../components/base/errors.ts";
import type { StackInfo } from "../components/base/stack.ts";
import { checkSettings } from "./config/checks.ts";
import { keyOf, outdated, phrase, problemsOf } from "./config/explain.ts";
import { resolve, type StackConfig } from "./config/resolve.ts";
import { schema, type Settings } from "./config/schema.ts";
import { type ConfigSource, rawConfig, type RawConfig } from "./config/source.ts";

export type { StackConfig } from "./config/resolve.ts";
export type { AppConfig } from "./config/resolve-app.ts";
export { type ConfigSource, stackSource } from "./config/source.ts";

/**
 * A stack's configuration: checked as a whole, every default filled in.
 *
 * @throws UserError with one line for each wrong, missing or unknown key, before anything is contacted
 */
export function readConfig(source: ConfigSource): StackConfig {
  const problems = new Problems(`configuration of stack ${source.stack}`);
  const raw = rawConfig(source, problems);
  const parsed = schema.safeParse(raw.data, { error: phrase });
  for (const { key, value, allowed } of [
    ...problemsOf(parsed.error?.issues ?? [], raw.data),
    ...outdated(raw.data),
  ]) {
    problems.add(key, value, allowed);
  }
  const settings = parsed.data ?? usable(raw.data);
  const stack: StackInfo = { project: source.project, stack: source.stack, expires: settings.expires };
  const context = { stack, secretApps: raw.secret.has("apps") };
  checkSettings(settings, context, problems);
  report(problems, raw, source);
  return resolve(settings, context);
}

/** The settings that are right, so that what is wrong between them is reported together with those that are not. */
function usable(data: Record<string, unknown>): Settings {
  const right = (type: z.ZodType, value: unknown): unknown => type.safeParse(value).data;
  return Object.fromEntries(
    Object.entries(schema.shape).map(([key, optional]) => {
      const type = optional.unwrap();
      const value = data[key];
      if (!(type instanceof z.ZodRecord) || typeof value !== "object" || value === null)
        return [key, right(type, value)];
      const entries = Object.entries(value).map(([name, entry]) => [
        name,
        right(type.valueType as z.ZodType, entry),
      ]);
      return [key, Object.fromEntries(entries.filter(([, entry]) => entry !== undefined))];
    }),
  );
}

/** Throws what was found; a text below a key that holds a secret is not shown, and what the site file gave is its own. */
function report(problems: Problems, raw: RawConfig, { stack, site = "" }: ConfigSource): void {
  const all = new Problems(`configuration of stack ${stack}`);
  const own = keysOf(raw.own);
  const given = keysOf(raw.data);
  for (const { key, value, allowed } of problems.found) {
    const hidden = raw.secret.has(/^[^.[]*/.exec(key)?.[0] ?? "") && typeof value === "string";
    const fromSite = given.has(key) && !own.has(key);
    all.add(fromSite ? `${key} (${site})` : key, hidden ? "[secret]" : value, allowed);
  }
  all.throwIfAny();
}

/** Every key of a value, at every depth. */
function keysOf(value: unknown, path: readonly PropertyKey[] = [], keys = new Set<string>()): Set<string> {
  if (path.length > 0) keys.add(keyOf(path));
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      keysOf(inner, [...path, Array.isArray(value) ? Number(key) : key], keys);
    }
  }
  return keys;
}
