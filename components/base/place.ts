import type { Input } from "@pulumi/pulumi";

import { isComponent, type Named, nameOf, type Ref } from "./named.ts";
import { runningStack, type StackInfo } from "./stack.ts";

/** A namespace and whose it is; the component `Namespace` is one. */
export interface NamespaceOfStack extends Named {
  readonly stack: StackInfo;
}

/** A Namespace, or the name of one made elsewhere. */
export type NamespaceRef = Ref<NamespaceOfStack>;

/** Where objects are, and whose they are. */
export interface Place {
  readonly stack: StackInfo;
  readonly namespace: Input<string>;
}

/** Whose objects in a namespace are: the stack that is given, that of the namespace, or the running one. */
export const stackOf = (stack: StackInfo | undefined, namespace: NamespaceRef): StackInfo =>
  stack ?? (isComponent(namespace) ? namespace.stack : runningStack());

/** The place of objects beside another's: in its namespace, and its stack's unless they name one. */
export const placeBeside = (args: { readonly stack?: StackInfo | undefined }, other: Place): Place => ({
  stack: args.stack ?? other.stack,
  namespace: other.namespace,
});

/** The place that arguments name. */
export const placeOf = (args: {
  readonly stack?: StackInfo | undefined;
  readonly namespace: NamespaceRef;
}): Place => ({ stack: stackOf(args.stack, args.namespace), namespace: nameOf(args.namespace) });
