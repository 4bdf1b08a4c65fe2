import * as pulumi from "@pulumi/pulumi";

import type { NamespaceRef } from "./place.ts";
import type { StackInfo } from "./stack.ts";

/** What every component that makes namespaced objects is told. */
export interface ObjectArgs {
  /**
   * The stack its objects belong to and are labelled with.
   * @default that of a Namespace given as `namespace`, else the running one
   */
  readonly stack?: StackInfo | undefined;
  /** Namespace of its objects: a Namespace, or the name of one made elsewhere. */
  readonly namespace: NamespaceRef;
  /**
   * `metadata.name` of its object, and the beginning of the names of those that belong to it.
   * @default the component's name
   */
  readonly objectName?: string | undefined;
  /**
   * Further labels for its objects; they never reach a selector.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Annotations for its objects.
   * @default none
   */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What a component is told whose objects are where its target's are. */
export type FollowerArgs = Omit<ObjectArgs, "namespace">;

/** Base of the library's components: a type token `slipway:<module>:<Class>` and children below it. */
export abstract class Component extends pulumi.ComponentResource {
  readonly #deletedWith: pulumi.Resource | undefined;

  /**
   * The engine is not told a component's arguments: it would store them beside those of the children, secrets included, and a
   * changed number of pods would preview as an update of every component around that one Deployment.
   *
   * @param type module and class, as in `workload:Deployment`
   */
  protected constructor(
    type: `${string}:${string}`,
    name: string,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    const { deletedWith, ...own } = opts ?? {};
    // The engine would hand deletedWith down to every child, also to those that have to be deleted by themselves.
    super(`slipway:${type}`, name, {}, own);
    this.#deletedWith = deletedWith;
  }

  /** Options of a child resource, which is deleted with what its component is. */
  protected child(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    const inherited = { parent: this, ...(this.#deletedWith && { deletedWith: this.#deletedWith }) };
    return pulumi.mergeOptions(inherited, opts);
  }

  /**
   * Tells the engine nothing: nobody reads the outputs of a component in the state, and backends of files and buckets would
   * write the whole state once more for each. The SDK calls this where a constructor does not.
   */
  protected override registerOutputs(): void {
    // See above.
  }
}
