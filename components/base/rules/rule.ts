/** What a value may be: a test, and its words. Each rule stands here once, with the source it comes from. */
export interface Rule<in T> {
  readonly test: (value: T) => boolean;
  /** What is allowed, as a phrase that follows the value: `must be from 1 to 65535`. */
  readonly allowed: string | ((value: T) => string);
}

/** A rule of a test and its words. */
export const rule = <T>(allowed: Rule<T>["allowed"], test: Rule<T>["test"]): Rule<T> => ({ test, allowed });

/** A rule whose words depend on what is wrong: a phrase, or `undefined` for a value that is right. */
export const complaint = <T>(wrong: (value: T) => string | undefined): Rule<T> => ({
  test: (value) => wrong(value) === undefined,
  allowed: (value) => wrong(value) ?? "",
});

/** What a rule says of a value; `undefined` if the value is right. */
export function broken<T>({ test, allowed }: Rule<T>, value: T): string | undefined {
  if (test(value)) return undefined;
  return typeof allowed === "string" ? allowed : allowed(value);
}

/** Several rules: the words are those of the first that is broken. */
export const all = <T>(...rules: readonly Rule<T>[]): Rule<T> =>
  complaint((value) => {
    for (const one of rules) {
      const wrong = broken(one, value);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  });

/** One of several texts. */
export const oneOf = (choices: readonly string[]): Rule<string> =>
  rule(`must be one of: ${choices.join(", ")}`, (value) => choices.includes(value));

/** Whether a text has characters that nobody sees, line breaks among them. */
export const hasControls = (text: string): boolean => /\p{Cc}/u.test(text);
