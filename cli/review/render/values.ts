import { X509Certificate } from "node:crypto";

import { structuredPatch } from "diff";
import { stringify } from "yaml";

import { isList, isMap, SECRET, Untold, type Value, wordAt } from "../../preview/values.ts";
import { HIDDEN, type ShownField } from "../conceal.ts";

/** What stands in the place of a value that only the update will tell. */
const LATER = "(known after up)";

/** Characters of a value that are shown on one line. */
const ONE_LINE = 72;

/** One line of a difference: what was, what will be, or what is around them. */
export interface DiffLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** A field's difference as lines. */
export interface FieldDiff {
  readonly path: string;
  readonly lines: readonly DiffLine[];
  readonly replaces: boolean;
}

/** A field as lines; of long texts only those that differ, with two around them. */
export function fieldDiff({ path, before, after, replaces, secret }: ShownField): FieldDiff {
  const short = [before, after].map(shortList);
  const isShort = [before, after].every((value, index) => value === undefined || short[index] !== undefined);
  const [left, right] = isShort ? short : [before, after].map(textOf);
  return { path, replaces, lines: linesOf(left, right, secret) };
}

/** A list of a few words on one line, `[web, websecure]`; `undefined` for anything else. */
function shortList(value: Value | undefined): string | undefined {
  if (!isList(value)) return undefined;
  const words = value.map((item) => wordAt(item));
  const text = `[${words.join(", ")}]`;
  return words.includes("?") || text.length > ONE_LINE ? undefined : text;
}

function linesOf(
  before: string | undefined,
  after: string | undefined,
  secret: boolean,
): readonly DiffLine[] {
  const split = (sign: DiffLine["sign"], text: string): DiffLine[] =>
    text.split("\n").map((line) => ({ sign, text: line }));
  if (before === undefined) return split("+", after ?? "");
  if (after === undefined) return split("-", before);
  // Two secrets look the same here, and are not.
  if (before === after) return split(" ", secret && before === HIDDEN ? `${HIDDEN}, changes` : before);
  if (!before.includes("\n") && !after.includes("\n")) return [...split("-", before), ...split("+", after)];
  const { hunks } = structuredPatch("", "", `${before}\n`, `${after}\n`, "", "", { context: 2 });
  const lines = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : split(" ", "…")),
    ...hunk.lines.flatMap((line) =>
      line.startsWith("\\") ? [] : [{ sign: line[0] as DiffLine["sign"], text: line.slice(1) }],
    ),
  ]);
  return secret ? [...lines, { sign: " ", text: `${HIDDEN} values change too, or may` }] : lines;
}

/** A value as one reads it: a text as it is, anything larger as YAML. */
function textOf(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return certificateText(value) ?? value.replace(/\n$/, "");
  if (isMap(value) || isList(value)) return yamlText(value);
  return value instanceof Untold ? untoldText(value) : String(value);
}

/** What of a certificate says something to people. */
function certificateText(text: string): string | undefined {
  if (!text.startsWith("-----BEGIN CERTIFICATE-----")) return undefined;
  try {
    const { subject, validTo, fingerprint256 } = new X509Certificate(text);
    return `certificate of ${subject.replaceAll("\n", ", ")} until ${validTo}, SHA-256 ${fingerprint256.slice(0, 23)}…`;
  } catch {
    return undefined;
  }
}

const yamlText = (value: Value): string =>
  stringify(value, (_, inner: unknown) => (inner instanceof Untold ? untoldText(inner) : inner), {
    lineWidth: 0,
  }).trimEnd();

const untoldText = (value: Untold): string => (value === SECRET ? HIDDEN : LATER);

/** A field on one line, `spec.replicas: 3 → 2`; `undefined` where it does not fit on one. */
export function oneLine({ path, lines }: FieldDiff): string | undefined {
  const [first, second] = lines;
  if (first === undefined || path === "" || lines.some(({ text }) => text.length > ONE_LINE))
    return undefined;
  if (lines.length === 1) {
    if (first.sign === " ") return `${path}: ${first.text}`;
    return first.sign === "+" ? `${path}: (none) → ${first.text}` : `${path}: ${first.text} → (none)`;
  }
  const isPair = lines.length === 2 && first.sign === "-" && second?.sign === "+";
  return isPair ? `${path}: ${first.text} → ${second.text}` : undefined;
}
