import { stripVTControlCharacters } from "node:util";

/** A resource's row in what Pulumi prints: operation, type, name, and how far it is. */
const ROW = /^ (?:[-+~<>=]{1,2}| ) +\S+:\S+:\S+ \S+ *(?<state>.*)$/;

/** How far: still at it, for how long, and what it waits for. */
const UNDER_WAY = /^\w+ing\b[a-z ]*\((?<time>[^)]*)\) *(?<message>.*)$/;

/** How to forget a destroyed stack, which the lab does by itself. */
const FORGETTING =
  /^(The resources in the stack have been deleted|If you want to remove the stack completely)/;

/** Seconds from which on it is of interest what a resource waits for. */
const LONG = 10;

/**
 * Whether people want to see a line of what Pulumi prints. Without a terminal of its own, Pulumi prints a resource's row anew
 * whenever it changes, some five times for each: what is left is one line for each that was changed, and what one that takes
 * long waits for. Errors are left to the diagnostics at the end, which have them in full.
 */
export function isNews(line: string): boolean {
  const text = stripVTControlCharacters(line);
  const state = ROW.exec(text)?.groups?.["state"]?.trim();
  if (state === undefined) return !FORGETTING.test(text);
  if (state === "" || /\b(error|warning): /.test(state)) return isLong(state);
  return UNDER_WAY.test(state) ? isLong(state) : true;
}

function isLong(state: string): boolean {
  const { time = "", message = "" } = UNDER_WAY.exec(state)?.groups ?? {};
  return message !== "" && (time.includes("m") || Number.parseFloat(time) >= LONG);
}
