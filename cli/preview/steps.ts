import type { Operation, PropertyChange, ResourceState, Step } from "./preview.ts";
import { decodeValue, isMap } from "./values.ts";

/** A resource's state as both forms of a preview have it. */
export interface RawState {
  readonly urn?: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs?: object | null;
  readonly outputs?: object | null;
}

/** One step of the engine's; a replacement has up to three. */
export interface RawStep {
  readonly op: string;
  readonly urn: string;
  readonly old?: RawState | null;
  readonly new?: RawState | null;
  /** Why it is replaced, where no detailed diff says it. */
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, RawDifference>> | null;
}

/** The digest calls it `kind`, and events `diffKind`. */
interface RawDifference {
  readonly kind?: string;
  readonly diffKind?: string;
}

/** The engine's operations that are not called what they are here. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "read-replacement": "read",
  "import-replacement": "replace",
  "discard-replaced": "replace",
  "remove-pending-replace": "delete",
  discard: "keep",
};

const KNOWN = new Set<string>(["same", "create", "update", "replace", "delete", "import", "read"]);

/** One step for each resource: the two or three of a replacement are one. */
export function mergeSteps(raw: Iterable<RawStep>): readonly Step[] {
  const all = [...raw];
  // Where an alias gives a resource another URN, its old self is deleted under the old one.
  const successors = new Map(
    all.flatMap(({ urn, old }) => (old?.urn === undefined || old.urn === urn ? [] : [[old.urn, urn]])),
  );
  const byUrn = new Map<string, RawStep[]>();
  for (const step of all) {
    const urn = step.op.endsWith("-replaced") ? (successors.get(step.urn) ?? step.urn) : step.urn;
    const steps = byUrn.get(urn);
    if (steps === undefined) byUrn.set(urn, [step]);
    else steps.push(step);
  }
  return [...byUrn].map(([urn, steps]) => mergeStep(urn, steps));
}

function mergeStep(urn: string, steps: readonly RawStep[]): Step {
  const operation = worst(steps.map(operationOf));
  const before = steps.map(({ old }) => old).find((state) => state != null);
  const after =
    operation === "delete" || operation === "keep"
      ? undefined
      : steps.map((step) => step.new).find((state) => state != null);
  const type = (after ?? before)?.type ?? typeOf(urn);
  return {
    operation,
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    custom: (after ?? before)?.custom ?? false,
    before: operation === "create" ? undefined : stateOf(before),
    after: stateOf(after),
    changes: changesOf(steps),
  };
}

const operationOf = ({ op, old }: RawStep): Operation => {
  if (op === "delete" && old?.retainOnDelete === true) return "keep";
  return OPERATIONS[op] ?? (KNOWN.has(op) ? (op as Operation) : "update");
};

/** A resource that is deleted under one provider and made under another has a step of each: that is a replacement. */
function worst(operations: readonly Operation[]): Operation {
  const all = new Set(operations);
  if (all.has("replace") || (all.has("delete") && all.has("create"))) return "replace";
  const order: readonly Operation[] = ["delete", "keep", "update", "create", "import", "read", "same"];
  return order.find((operation) => all.has(operation)) ?? "same";
}

/** The type in a URN, without the types of its parents. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

function stateOf(raw: RawState | null | undefined): ResourceState | undefined {
  if (raw == null) return undefined;
  const [inputs, outputs] = [raw.inputs, raw.outputs].map((values) => decodeValue(values ?? {}));
  return {
    inputs: isMap(inputs) ? inputs : {},
    outputs: isMap(outputs) ? outputs : {},
    parent: raw.parent ?? "",
    protect: raw.protect === true,
  };
}

function changesOf(steps: readonly RawStep[]): readonly PropertyChange[] {
  const changes = new Map<string, boolean>();
  const add = (path: string, replaces: boolean): void => {
    changes.set(path, replaces || changes.get(path) === true);
  };
  for (const { detailedDiff, diffs, keys } of steps) {
    for (const [path, difference] of Object.entries(detailedDiff ?? {})) {
      add(path, (difference.kind ?? difference.diffKind ?? "").endsWith("-replace"));
    }
    // Less is said here than in a detailed diff: the first part of the path.
    const detailed = Object.keys(detailedDiff ?? {});
    const isCovered = (key: string): boolean =>
      detailed.some((path) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
    for (const key of diffs ?? []) if (!isCovered(key)) add(key, false);
    for (const key of keys ?? [])
      if (!isCovered(key) || ![...changes.values()].includes(true)) add(key, true);
  }
  return [...changes].map(([path, replaces]) => ({ path, replaces }));
}
