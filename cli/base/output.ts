import { stripVTControlCharacters, styleText } from "node:util";

import type { Command } from "commander";

/** A text in colour, where standard output is a terminal that wants it. */
export const style = (format: Parameters<typeof styleText>[0], text: string): string =>
  styleText(format, text, { stream: process.stdout });

/** Adds `--json`, which every verb with a table has. */
export const withJson = (command: Command): Command =>
  command.option("--json", "print JSON instead, whose shape is in docs/cli.md");

/** Writes a value as indented JSON to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Rows below a heading as columns, as kubectl has them: padded on the right, three spaces between. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading.map((title) => title.toUpperCase()), ...rows];
  const width = (text = ""): number => stripVTControlCharacters(text).length;
  const widths = heading.map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  const line = (row: readonly string[]): string =>
    widths
      .map((size, column) => `${row[column] ?? ""}${" ".repeat(size - width(row[column]))}`)
      .join("   ")
      .trimEnd();
  return all.map(line).join("\n");
}
