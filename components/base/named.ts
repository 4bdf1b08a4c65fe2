import * as pulumi from "@pulumi/pulumi";

/** Something with a `metadata.name` that others refer to. */
export interface Named {
  readonly name: pulumi.Input<string>;
}

/** The component that makes an object, or the object's name where it is made elsewhere. */
export type Ref<T extends Named = Named> = pulumi.Input<string> | T;

/** Whether a reference is a component rather than a name. */
export const isComponent = <T extends Named>(ref: Ref<T>): ref is T =>
  typeof ref === "object" && !pulumi.Output.isInstance(ref) && !(ref instanceof Promise);

/** Name that a reference leads to. */
export const nameOf = (ref: Ref): pulumi.Input<string> => (isComponent(ref) ? ref.name : ref);
