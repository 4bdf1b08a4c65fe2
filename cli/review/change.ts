import { type References, referencesOf, templateOf } from "../objects/pods.ts";
import { isKubernetes, objectOf, type StackObject } from "../objects/object.ts";
import type { Operation, Preview, ResourceState, Step } from "../preview/preview.ts";
import { reachOf, type Reach } from "../topology/reach.ts";
import { topologyOf, type Topology } from "../topology/topology.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { describeRef } from "../../kubernetes/object.ts";

/** A stack's objects at one time, and how requests get through them. */
export interface World {
  readonly objects: readonly StackObject[];
  /** By title. */
  readonly index: ReadonlyMap<string, StackObject>;
  readonly topology: Topology;
  readonly reach: Reach;
  /** Objects whose pods read an object, by its title. */
  readonly readers: ReadonlyMap<string, readonly Reader[]>;
}

/** An object whose pods read another one. */
export interface Reader {
  readonly object: StackObject;
  /** Whether they do so once, when they start. */
  readonly environment: boolean;
}

/** An object that an update changes. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  readonly operation: Exclude<Operation, "same" | "read">;
  /** `Deployment shop/web`. */
  readonly title: string;
  readonly kind: string;
  readonly before: StackObject | undefined;
  readonly after: StackObject | undefined;
  readonly fields: readonly Field[];
  /** Title before, where a replacement changes the name. */
  readonly formerTitle: string | undefined;
  /** URN of the component that makes it. */
  readonly parent: string;
  readonly step: Step;
}

/** Everything that a preview is about: what changes, and the stack around it. */
export interface Changes {
  readonly changes: readonly Change[];
  /** How many objects stay as they are, and are known to. */
  readonly unchanged: number;
  readonly before: World;
  readonly after: World;
}

/** What a preview changes. Components and Pulumi's own providers are no objects, and are left out. */
export function changesOf({ steps }: Preview): Changes {
  const real = steps.filter(
    (step) => step.custom && !step.type.startsWith("pulumi:") && step.operation !== "read",
  );
  const world = (side: (step: Step) => ResourceState | undefined): World =>
    worldOf(
      real.flatMap((step) => {
        const state = side(step);
        return state !== undefined && isKubernetes(step.type) ? [objectOf(step, state)] : [];
      }),
    );
  return {
    changes: real.flatMap(changeOf),
    unchanged: real.filter(({ operation }) => operation === "same").length,
    before: world(({ before }) => before),
    after: world(({ after }) => after),
  };
}

/** A stack's objects with what follows from them. */
export function worldOf(objects: readonly StackObject[]): World {
  const topology = topologyOf(objects);
  const index = new Map(objects.map((object) => [describeRef(object), object]));
  return { objects, index, topology, reach: reachOf(objects, topology), readers: readersOf(objects) };
}

function readersOf(objects: readonly StackObject[]): World["readers"] {
  const readers = new Map<string, Reader[]>();
  for (const object of objects) {
    for (const [from, references] of Object.entries(referencesOf(templateOf(object)))) {
      for (const [kind, names] of Object.entries(references as References)) {
        for (const name of names as ReadonlySet<string>) {
          const title = describeRef({ ...object, kind, name });
          const known = readers.get(title) ?? [];
          readers.set(title, [...known, { object, environment: from === "environment" }]);
        }
      }
    }
  }
  return readers;
}

function changeOf(step: Step): Change[] {
  const { operation, urn, type } = step;
  if (operation === "same" || operation === "read") return [];
  const before = step.before && objectOf(step, step.before);
  const after = step.after && objectOf(step, step.after);
  const object = after ?? before;
  if (object === undefined) return [];
  const title = describeRef(object);
  const former = before && describeRef(before);
  return [
    {
      urn,
      type,
      operation,
      title,
      kind: object.kind,
      before,
      after,
      fields: fieldsOf(step),
      formerTitle: former === title ? undefined : former,
      parent: (step.after ?? step.before)?.parent ?? "",
      step,
    },
  ];
}
