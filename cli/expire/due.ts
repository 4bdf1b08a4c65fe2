import { EXPIRES_LABEL, PROJECT_LABEL, STACK_LABEL } from "../../components/base/labels.ts";
import type { KubeObject } from "../cluster/object.ts";
import { resourcesOf } from "../state/checkpoint.ts";
import { isObject } from "../state/resource.ts";
import type { StoredStack } from "../state/stacks.ts";

/** How a stack stands to its date. */
export type Standing =
  /** Its date has passed. */
  | "expired"
  /** Its date is near. */
  | "soon"
  | "later"
  /** It has no date, or one that never comes. */
  | "never";

/** A stack, and until when it is meant to be there. */
export interface Due {
  readonly project: string;
  readonly stack: string;
  /** As Pulumi takes it from anywhere; `undefined` for one that is known by its objects in the cluster alone. */
  readonly fullName?: string | undefined;
  /** `YYYY-MM-DD`, or `never`; `undefined` where nothing is said. */
  readonly expires: string | undefined;
  /** Days until then; below zero once it has passed. */
  readonly days: number | undefined;
  readonly standing: Standing;
  /** Whether Pulumi refuses to delete something of it. */
  readonly protected: boolean;
}

const DAY = 86_400_000;

/** Days from today's date to another, in UTC. The last day itself, 0, is still the stack's. */
export const daysUntil = (date: string, today: Date): number =>
  Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(today.toISOString().slice(0, 10))) / DAY);

/** How a date stands to today. */
export function standingOf(
  expires: string | undefined,
  { today, warnDays }: { readonly today: Date; readonly warnDays: number },
): Pick<Due, "expires" | "days" | "standing"> {
  const days = expires === undefined ? Number.NaN : daysUntil(expires, today);
  // `never`, and what somebody wrote by hand that is no date.
  if (Number.isNaN(days)) return { expires, days: undefined, standing: "never" };
  return { expires, days, standing: days < 0 ? "expired" : days <= warnDays ? "soon" : "later" };
}

interface Inputs {
  readonly metadata?: { readonly labels?: Readonly<Record<string, unknown>> };
}

/** The date that a stack's objects were last labelled with: the latest, where an update got only to some of them. */
export function expiryOf({ checkpoint }: StoredStack): string | undefined {
  const dates = resourcesOf(checkpoint)
    .filter(isObject)
    .map(({ inputs }) => (inputs as Inputs | undefined)?.metadata?.labels?.[EXPIRES_LABEL])
    .filter((date) => typeof date === "string");
  return latest(dates);
}

/** The latest date; `never` is later than all. */
const latest = (dates: readonly string[]): string | undefined =>
  dates.includes("never") ? "never" : [...dates].sort().at(-1);

/** How the stacks of a backend stand to their dates. */
export const dueStacks = (
  stacks: readonly StoredStack[],
  when: { readonly today: Date; readonly warnDays: number },
): Due[] =>
  stacks.map((stored) => ({
    project: stored.project,
    stack: stored.stack,
    fullName: stored.fullName,
    ...standingOf(expiryOf(stored), when),
    protected: resourcesOf(stored.checkpoint).some((resource) => resource.protect === true),
  }));

/** Stacks that are known by labelled objects of the cluster alone: their state is in another backend, or gone. */
export function dueInCluster(
  objects: readonly KubeObject[],
  known: readonly Pick<Due, "project" | "stack">[],
  when: { readonly today: Date; readonly warnDays: number },
): Due[] {
  const dates = new Map<string, string[]>();
  for (const { metadata } of objects) {
    const { [PROJECT_LABEL]: project, [STACK_LABEL]: stack, [EXPIRES_LABEL]: date } = metadata.labels ?? {};
    if (project === undefined || stack === undefined || date === undefined) continue;
    if (known.some((other) => other.project === project && other.stack === stack)) continue;
    const key = `${project}/${stack}`;
    dates.set(key, [...(dates.get(key) ?? []), date]);
  }
  return [...dates].map(([key, all]) => {
    const [project = "", stack = ""] = key.split("/");
    return { project, stack, ...standingOf(latest(all), when), protected: false };
  });
}

/** In words: `2 days ago`, `in 3 days`, `today`. */
export function distance(days: number | undefined): string {
  if (days === undefined) return "";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
}
