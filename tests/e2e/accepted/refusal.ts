import type { UserError } from "../../../components/base/errors.ts";
import { schema } from "../../../program/config/schema.ts";
import type { Configuration } from "./generate.ts";

/** Lines of a refusal that are none, or that do not lead to a key of the configuration. */
export function misplaced(configuration: Configuration, { message, problems }: UserError): readonly string[] {
  const lines = message.split("\n").slice(1);
  const broken =
    lines.length === problems.length ? [] : [`${problems.length} mistakes in ${lines.length} lines`];
  return [
    ...broken,
    ...problems
      .filter(({ key }) => !leads(configuration, key))
      .map(({ key, allowed }) => `${key}: ${allowed}`),
  ];
}

/** Whether a key is one of the configuration, or below one where it is missing. */
function leads(configuration: Configuration, key: string): boolean {
  const [first = ""] = key.split(/[.[]/);
  if (!(first in configuration)) return first === "stack" || Object.hasOwn(schema.properties ?? {}, first);
  return placesOf(configuration, "").some((place) => place === key || isParent(place, key));
}

const isParent = (place: string, key: string): boolean =>
  key.startsWith(`${place}.`) || key.startsWith(`${place}[`);

/** The paths of everything that has keys or entries of its own. */
function placesOf(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((entry, index) => [`${path}[${index}]`, entry])
    : Object.entries(value).map(([key, entry]) => [path === "" ? key : `${path}.${key}`, entry]);
  return [...(path === "" ? [] : [path]), ...entries.flatMap(([below, entry]) => placesOf(entry, below))];
}
