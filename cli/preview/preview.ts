import type { ValueMap } from "./values.ts";

/** What happens to a resource, a replacement being one. `keep` is a deletion that leaves the object in the cluster. */
export type Operation = "same" | "create" | "update" | "replace" | "delete" | "keep" | "import" | "read";

/** A resource before or after an update. */
export interface ResourceState {
  readonly inputs: ValueMap;
  readonly outputs: ValueMap;
  /** URN of the component it is made by; `""` for none. */
  readonly parent: string;
  readonly protect: boolean;
}

/** Path of a property that the provider says has changed, `spec.template.spec.containers[0].image`. */
export interface PropertyChange {
  readonly path: string;
  /** Whether it is why the resource has to be replaced. */
  readonly replaces: boolean;
}

/** What a preview says of one resource. */
export interface Step {
  readonly operation: Operation;
  readonly urn: string;
  /** Pulumi's type: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Pulumi's name, the last part of the URN. */
  readonly name: string;
  /** Whether it is a real thing, and not a component that only holds others together. */
  readonly custom: boolean;
  /** `undefined` for what is new. */
  readonly before: ResourceState | undefined;
  /** `undefined` for what goes. */
  readonly after: ResourceState | undefined;
  readonly changes: readonly PropertyChange[];
}

/** What the engine or a provider had to say. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  /** URN of the resource it is about; `""` for none. */
  readonly urn: string;
  readonly message: string;
}

/** What a policy pack found. */
export interface PolicyFinding {
  readonly urn: string;
  readonly policy: string;
  readonly pack: string;
  /** A mandatory one fails the preview, and `up`. */
  readonly mandatory: boolean;
  readonly message: string;
}

/** A preview, from whichever form it was read. */
export interface Preview {
  readonly project: string;
  readonly stack: string;
  /** One for each resource. */
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  readonly findings: readonly PolicyFinding[];
  /** Whether what stays the same is among the steps; the JSON digest leaves it out unless told otherwise. */
  readonly complete: boolean;
  /** Whether the preview ended with an error, so that more may change than it says. */
  readonly failed: boolean;
}
