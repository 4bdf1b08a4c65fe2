import { type Input, Output, RunError } from "@pulumi/pulumi";

import { broken, type Rule } from "./rules/rule.ts";

/** One mistake of the user's: where it is, what stands there, and what may stand there. */
export interface Problem {
  /** Path of the value, as the user wrote it: `apps.api.path`. */
  readonly key: string;
  /** The offending value; `undefined` where something is missing. */
  readonly value: unknown;
  /** What is allowed, as a phrase: `must begin with "/"`. */
  readonly allowed: string;
}

/** A problem as one line: ``apps.api.path: "api" must begin with "/"``. */
export function describe({ key, value, allowed }: Problem): string {
  const line = value === undefined ? `${key}: ${allowed}` : `${key}: ${JSON.stringify(value)} ${allowed}`;
  // Names that are keys may hold anything, a line break too.
  return line.replaceAll(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}

/**
 * A mistake of the user's, as opposed to a bug: Pulumi prints its message without a stack trace.
 * The message holds a line for each problem.
 */
export class UserError extends RunError {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const lines = problems.map((problem) => `  ${describe(problem)}`);
    super([`${subject}:`, ...lines].join("\n"));
    this.problems = problems;
  }
}

/**
 * Collects every mistake of one subject, so that they are reported together.
 *
 * ```ts
 * const problems = new Problems("service web");
 * problems.check("port", args.port, port);
 * checkProbes(args.probes, problems.at("probes"));
 * problems.throwIfAny();
 * ```
 */
export class Problems {
  readonly #subject: string;
  readonly #prefix: string;
  readonly #found: Problem[];

  constructor(subject: string);
  /** @internal what {@link at} makes: the same list, below a key */
  constructor(subject: string, prefix: string, found: Problem[]);
  constructor(subject: string, prefix = "", found: Problem[] = []) {
    this.#subject = subject;
    this.#prefix = prefix;
    this.#found = found;
  }

  /** The same list, for what lies below a key: `problems.at("rules", 0).add("path", …)` is about `rules[0].path`. */
  at(...path: readonly (string | number)[]): Problems {
    const prefix = path.reduce<string>(
      (before, part) => joined(before, typeof part === "number" ? `[${part}]` : part),
      this.#prefix,
    );
    return new Problems(this.#subject, prefix, this.#found);
  }

  /** Records a mistake; the key `""` is the value itself that {@link at} led to. */
  add(key: string, value: unknown, allowed: string): void {
    this.#found.push({ key: joined(this.#prefix, key), value, allowed });
  }

  /** Records a mistake unless `ok`. */
  unless(ok: boolean, key: string, value: unknown, allowed: string): void {
    if (!ok) this.add(key, value, allowed);
  }

  /** Records a value that breaks a rule. What is not given is not wrong, and what only `up` will know is not known here. */
  check<T>(key: string, value: Input<T | undefined> | undefined, rule: Rule<T>): void {
    if (value === undefined || Output.isInstance(value) || value instanceof Promise) return;
    const wrong = broken(rule, value as T);
    if (wrong !== undefined) this.add(key, value, wrong);
  }

  /** Records a name that breaks a rule, where the name is the key itself: `env.1st`. */
  checkName(name: string, rule: Rule<string>): void {
    const wrong = broken(rule, name);
    if (wrong !== undefined) this.add(name, undefined, wrong);
  }

  /** Records each entry of a list that breaks a rule: `hosts[1]`. */
  checkEach<T>(key: string, values: readonly Input<T>[] | undefined, rule: Rule<T>): void {
    values?.forEach((value, index) => {
      this.at(key).check(`[${index}]`, value, rule);
    });
  }

  /** Records each entry of a list that stands there already. */
  checkDistinct(key: string, values: readonly unknown[] | undefined): void {
    values?.forEach((value, index) => {
      this.at(key).unless(values.indexOf(value) === index, `[${index}]`, value, "is named already");
    });
  }

  /** Takes over what was found below a key. */
  addAll(key: string, found: readonly Problem[]): void {
    for (const { key: below, value, allowed } of found) this.at(key).add(below, value, allowed);
  }

  /** All mistakes so far, in the order they were found. */
  get found(): readonly Problem[] {
    return this.#found;
  }

  /** @throws UserError when anything was recorded. */
  throwIfAny(): void {
    if (this.#found.length > 0) throw new UserError(this.#subject, this.#found);
  }
}

/** A key below another: `apps.api`, `rules[0]`. */
function joined(prefix: string, key: string): string {
  if (prefix === "" || key === "") return prefix + key;
  return key.startsWith("[") ? prefix + key : `${prefix}.${key}`;
}
