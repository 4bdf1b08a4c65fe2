import * as pulumi from "@pulumi/pulumi";

import type { StackInfo } from "./stack.ts";

/** What every component that makes namespaced objects is told. */
export interface ObjectArgs {
  /** The stack its objects belong to and are labelled with. */
  readonly stack: StackInfo;
  /** Namespace of its objects. */
  readonly namespace: pulumi.Input<string>;
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

/** Base of the library's components: a type token `slipway:<module>:<Class>` and children below it. */
export abstract class Component extends pulumi.ComponentResource {
  /**
   * The engine is not told the arguments: it would store them, secrets included, beside those of the children, and a changed
   * number of pods would preview as an update of every component around that one Deployment.
   *
   * @param type module and class, as in `workload:Deployment`
   */
  protected constructor(
    type: `${string}:${string}`,
    name: string,
    _args: object,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super(`slipway:${type}`, name, {}, opts);
  }

  /** Options of a child resource. */
  protected child(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ parent: this }, opts);
  }
}
