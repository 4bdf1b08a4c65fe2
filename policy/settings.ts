import { z } from "zod";

import { Problems, type Problem } from "../components/base/errors.ts";
import { rules, type Level, type Rule } from "./rules/index.ts";

/** What happens to what breaks a rule; `disabled` does not look. */
const LEVELS = ["advisory", "mandatory", "disabled"] as const;

/** A rule as a stack has set it. */
export interface Setting {
  readonly level: Level | "disabled";
  /** The rule's own settings, complete with defaults. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** By the name of the rule; every rule is there. */
export type Settings = Readonly<Record<string, Setting>>;

/**
 * Reads settings in the form of Pulumi's `--policy-pack-config`: for each rule a level, or an object with `enforcementLevel` and
 * what else the rule may be told; `all` is the level of every rule that is not named.
 *
 * @param given the parsed file; `{}` for every rule as it is by itself
 * @throws UserError with every mistake in it
 */
export function readSettings(given: unknown, source = "policy settings"): Settings {
  const problems = new Problems(source);
  const entries = isObject(given) ? given : {};
  problems.unless(isObject(given), "", given, "must be an object with a key for each rule");
  const names = ["all", ...rules.map(({ name }) => name)];
  for (const name of Object.keys(entries))
    problems.unless(
      names.includes(name),
      name,
      entries[name],
      `is not a rule; there are ${names.join(", ")}`,
    );
  const all = entries["all"] as Setting["level"] | undefined;
  problems.unless(all === undefined || isLevel(all), "all", all, `must be one of ${LEVELS.join(", ")}`);
  const settings = rules.map((rule) => {
    const { setting, found } = read(rule, entries[rule.name], all);
    problems.addAll("", found);
    return [rule.name, setting] as const;
  });
  problems.throwIfAny();
  return Object.fromEntries(settings);
}

function read(
  rule: Rule,
  given: unknown,
  all: Setting["level"] | undefined,
): { readonly setting: Setting; readonly found: readonly Problem[] } {
  const { enforcementLevel, ...values } = isObject(given) ? given : { enforcementLevel: given };
  const level = (enforcementLevel ?? all ?? rule.level) as Setting["level"];
  const parsed = z.strictObject(rule.settings.shape).safeParse(values);
  const found: Problem[] = isLevel(level)
    ? []
    : [{ key: rule.name, value: level, allowed: `must be one of ${LEVELS.join(", ")}` }];
  for (const issue of parsed.error?.issues ?? [])
    found.push({
      key: [rule.name, ...issue.path].join("."),
      value: undefined,
      allowed: issue.message,
    });
  return { setting: { level, values: parsed.data ?? {} }, found };
}

const isLevel = (level: unknown): boolean => (LEVELS as readonly unknown[]).includes(level);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
