import { RunError } from "@pulumi/pulumi";

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
  return value === undefined ? `${key}: ${allowed}` : `${key}: ${JSON.stringify(value)} ${allowed}`;
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
 * problems.unless(isPort(port), "port", port, "must be from 1 to 65535");
 * problems.throwIfAny();
 * ```
 */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #subject: string;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Records a mistake. */
  add(key: string, value: unknown, allowed: string): void {
    this.#found.push({ key, value, allowed });
  }

  /** Records a mistake unless `ok`. */
  unless(ok: boolean, key: string, value: unknown, allowed: string): void {
    if (!ok) this.add(key, value, allowed);
  }

  /**
   * Takes over what was found below a key.
   * @param prefix the key with what follows it: `disruptionBudget.`
   */
  addAll(prefix: string, found: readonly Problem[]): void {
    for (const { key, value, allowed } of found) this.add(prefix + key, value, allowed);
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
