import { complaint, rule } from "../base/rules/index.ts";

/** Fields of a cron schedule: least and greatest value, and names. */
const FIELDS = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  {
    name: "month",
    least: 1,
    most: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of week", least: 0, most: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;

type Field = (typeof FIELDS)[number];

const MACROS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/**
 * A cron schedule.
 * Source: {@link https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax}.
 */
export const schedule = complaint(scheduleProblem);

function scheduleProblem(schedule: string): string | undefined {
  if (MACROS.includes(schedule)) return undefined;
  if (/^(CRON_)?TZ=/.test(schedule)) return "must not name a time zone: that is what timeZone is for";
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `must have the five fields ${FIELDS.map(({ name }) => name).join(", ")}, or be one of ${MACROS.join(" ")}`;
  }
  const wrong = FIELDS.find((field, index) => !isField(field, parts[index] ?? ""));
  if (wrong === undefined) return undefined;
  const words = "names" in wrong ? ` or ${wrong.names[0]} to ${wrong.names.at(-1) ?? ""}` : "";
  return `has a wrong ${wrong.name}: ${wrong.least} to ${wrong.most}${words}, a-b, a,b, * or any with /step`;
}

const isField = (field: Field, text: string): boolean => text.split(",").every((part) => isPart(field, part));

function isPart(field: Field, part: string): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [from = "", to, ...rest] = range.split("-");
  const first = valueOf(field, from);
  const last = to === undefined ? first : valueOf(field, to);
  return rest.length === 0 && first !== undefined && last !== undefined && first <= last;
}

function valueOf(field: Field, text: string): number | undefined {
  const named = "names" in field ? (field.names as readonly string[]).indexOf(text.toLowerCase()) : -1;
  if (named >= 0) return named + field.least;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.least && value <= field.most ? value : undefined;
}

/** A time zone of the IANA database: `Europe/Berlin`, `Etc/UTC`. */
export const timeZone = rule<string>('must be a time zone, as in "Europe/Berlin"', (timeZone) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
});
