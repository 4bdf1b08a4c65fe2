import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { CliError } from "../base/errors.ts";
import { type Field, pathText } from "./fields.ts";
import { type Mark, MARKS, type MarkKind } from "./marks/index.ts";

/** The file that is read where it is there and no other is named. */
export const RULES_FILE = "slipway.review.yaml";

/** What can never be ignored: whoever says yes has to see it. */
export const NEVER_IGNORED: ReadonlySet<MarkKind> = new Set([
  "certificate",
  "delete",
  "data-loss",
  "refused",
]);

const kinds = Object.keys(MARKS) as [MarkKind, ...MarkKind[]];

const rule = z
  .strictObject({
    object: z.string().default("*"),
    field: z.string().optional(),
    mark: z.enum(kinds).optional(),
    reason: z.string().min(1),
  })
  .refine(({ mark }) => mark === undefined || !NEVER_IGNORED.has(mark), {
    path: ["mark"],
    message: `must not be one of ${[...NEVER_IGNORED].join(", ")}: these are always told`,
  })
  .refine(({ object, field, mark }) => object !== "*" || field !== undefined || mark !== undefined, {
    path: ["object"],
    message: "must be given where neither field nor mark is: it would hide everything",
  });

const file = z.strictObject({ ignore: z.array(rule) });

/** What a team does not want to be told again. */
export interface IgnoreRule {
  /** Object that it is about, `Deployment shop/*`; `*` stands for any text. */
  readonly object: string;
  /** Fields that it hides, `metadata.annotations*`. */
  readonly field?: string | undefined;
  /** Kind of mark that it takes away. Without field and mark, the whole change is hidden. */
  readonly mark?: MarkKind | undefined;
  /** Why, for those who come later. */
  readonly reason: string;
}

/**
 * Reads the rules of a project.
 *
 * @param path the file; without, {@link RULES_FILE} in the directory where it exists
 * @throws CliError with a line for each mistake in the file
 */
export function readRules(path: string | undefined, directory: string): readonly IgnoreRule[] {
  const found = path ?? join(directory, RULES_FILE);
  if (!existsSync(found)) {
    if (path === undefined) return [];
    throw new CliError(
      `there is no file ${path}`,
      `Without --ignore, ${RULES_FILE} is read where it exists.`,
    );
  }
  let content: unknown;
  try {
    content = parse(readFileSync(found, "utf8"));
  } catch (error) {
    throw new CliError(
      `${found} is no YAML: ${error instanceof Error ? error.message : ""}`,
      "docs/review.md shows one.",
    );
  }
  const parsed = file.safeParse(content);
  if (parsed.success) return parsed.data.ignore;
  const lines = parsed.error.issues.map(({ path: key, message }) => `  ${key.join(".")}: ${message}`);
  throw new CliError([`${found}:`, ...lines].join("\n"), "docs/review.md shows what can be said.");
}

/** A change with what is to be told of it. */
export interface Told {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly marks: readonly Mark[];
}

/** Takes from a change what is ignored; `undefined` where nothing is left to tell. */
export function withoutIgnored<T extends Told>(change: T, rules: readonly IgnoreRule[]): T | undefined {
  const own = rules.filter(({ object }) => matches(object, change.title));
  if (own.length === 0) return change;
  const fieldRules = own.flatMap(({ field, mark }) => (mark === undefined ? (field ?? []) : []));
  const markRules = new Set(own.map(({ mark }) => mark));
  const isWhole = own.some(({ field, mark }) => field === undefined && mark === undefined);
  const fields = change.fields.filter(
    ({ path }) => !fieldRules.some((pattern) => matches(pattern, pathText(path))),
  );
  const nothingLeft = isWhole || (change.fields.length > 0 && fields.length === 0);
  const marks = change.marks.filter(
    ({ kind }) => NEVER_IGNORED.has(kind) || (!markRules.has(kind) && !nothingLeft),
  );
  if (nothingLeft && marks.length === 0) return undefined;
  return { ...change, fields: nothingLeft ? [] : fields, marks };
}

/** Whether a text is what a pattern says, in which `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
