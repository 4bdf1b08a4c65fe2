import { type Problem, Problems } from "../components/base/errors.ts";
import type { StackInfo } from "../components/base/stack.ts";
import { checkPlatform } from "./config/check-platform.ts";
import { checkCertificates } from "./config/check-certificates.ts";
import { checkSignIn } from "./config/check-sign-in.ts";
import { checkSettings } from "./config/checks.ts";
import { isWithin, keyOf, valuesOf } from "./config/keys.ts";
import { outdated } from "./config/outdated.ts";
import { resolve, type StackConfig } from "./config/resolve.ts";
import { schema } from "./config/schema.ts";
import { shapedSettings } from "./config/shape.ts";
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
  const shaped = shapedSettings(raw.data);
  const { settings, plain, misfits } = shaped;
  const stack: StackInfo = { project: source.project, stack: source.stack, expires: settings.expires };
  const config = resolve(settings, { stack, secretApps: raw.secret.has("apps") });
  const shape = [
    ...misfits.map(({ path, ...rest }) => ({ key: keyOf(path), ...rest })),
    ...outdated(raw.data),
  ];
  const further = new Problems("");
  checkPlatform(settings, raw.own, stack, further);
  checkSettings(shaped, config, further);
  checkCertificates(plain, config, further);
  checkSignIn(settings, config, raw, further);
  const found = [...shape, ...further.found.filter(({ key }) => !isTold(key, shape))];
  for (const problem of inOrder(found, raw.data).map((problem) => shown(problem, raw, source))) {
    problems.add(problem.key, problem.value, problem.allowed);
  }
  problems.throwIfAny();
  return config;
}

/** Whether a key's mistake follows from one of its shape: what did not fit there was left out. */
const isTold = (key: string, shape: readonly Problem[]): boolean =>
  shape.some(
    (told) =>
      isWithin(key, told.key) || (isWithin(told.key, key) && !/^(apps|middlewares)\.[^.]*$/.test(key)),
  );

/** Problems in the order of the reference, and those of apps and middlewares in the order of the stack's own keys. */
function inOrder(problems: readonly Problem[], data: Readonly<Record<string, unknown>>): Problem[] {
  const named = (key: "middlewares" | "apps"): string[] =>
    Object.keys((data[key] as object | undefined) ?? {}).map((name) => `${key}.${name}`);
  const order = Object.keys(schema.properties ?? {}).flatMap((key) =>
    key === "middlewares" || key === "apps" ? [key, ...named(key)] : [key],
  );
  const rank = ({ key }: Problem): number => {
    const own = order.findLastIndex((place) => isWithin(key, place));
    return own < 0 && key !== "stack" ? order.length : own;
  };
  return problems.toSorted((a, b) => rank(a) - rank(b));
}

/** A problem as it may be shown: no text below a key that holds a secret, and with the site file's name where that gave the value. */
function shown({ key, value, allowed }: Problem, raw: RawConfig, { site = "" }: ConfigSource): Problem {
  const holdsText = typeof value === "string" || (typeof value === "object" && value !== null);
  const hidden = raw.secret.has(/^[^.[]*/.exec(key)?.[0] ?? "") && holdsText;
  const ofSite = keysOf(raw.data).has(key) && !keysOf(raw.own).has(key);
  return { key: ofSite ? `${key} (${site})` : key, value: hidden ? "[secret]" : value, allowed };
}

const keysOf = (data: unknown): ReadonlySet<string> =>
  new Set([...valuesOf(data)].map(([path]) => keyOf(path)));
