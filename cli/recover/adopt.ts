import type { KubeObject } from "../cluster/object.ts";
import type { StateResource } from "../state/resource.ts";
import { isSecret, SECRET_KEY, SECRET_SIGNATURE } from "./ownership.ts";

/** Kinds that the provider waits for: `up` has to look at them again, for nobody saw whether they became ready. */
const AWAITED: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "Pod",
  "Service",
  "Ingress",
  "PersistentVolumeClaim",
  "ReplicationController",
  "ReplicaSet",
  "CustomResourceDefinition",
]);

/** Manager of what a new object is made with, where the provider does not use server-side apply for that. */
const CLIENT_SIDE = "pulumi-kubernetes";

/**
 * The entry in the state of a resource whose object is there. It is what the provider would have written had it got that far:
 * the object as it is now, with the inputs it was made from, and with the name of who set its fields. So the next update comes
 * from the same manager, and the API server sees no conflict.
 */
export function adopted(resource: StateResource, object: KubeObject): StateResource {
  const { name, namespace, creationTimestamp } = object.metadata;
  const inputs = resolved(resource.inputs ?? {}, object) as Record<string, unknown>;
  const metadata = { ...object.metadata };
  return {
    ...resource,
    id: namespace === undefined ? name : `${namespace}/${name}`,
    inputs,
    outputs: {
      ...(withSecrets({ ...object, metadata }, inputs, object.kind === "Secret") as object),
      __inputs: inputs,
      __initialApiVersion: inputs["apiVersion"] ?? object.apiVersion,
      __fieldManager: managerOf(object),
    },
    // Makes the next `up` update it, which changes nothing and waits until it is ready.
    ...(AWAITED.has(object.kind) && { initErrors: ["interrupted while it was being made"] }),
    created: creationTimestamp,
    modified: creationTimestamp,
  };
}

/** Who set the object's fields, as Pulumi names itself. */
function managerOf({ metadata }: KubeObject): string {
  const managers = (metadata.managedFields ?? []).filter(({ manager }) => manager.startsWith(CLIENT_SIDE));
  const applied = managers.find(({ operation }) => operation === "Apply")?.manager;
  // The provider moves fields from its client-side name to any other on the first update.
  return applied ?? `${CLIENT_SIDE}-${metadata.uid.slice(0, 8)}`;
}

/** Inputs as a preview shows them, with what it hides or does not know taken from the object. */
function resolved(wanted: unknown, has: unknown): unknown {
  if (wanted === "[secret]") return secret(has);
  if (isSecret(wanted)) return wanted;
  if (typeof wanted === "string" && UNKNOWN.has(wanted)) return has;
  if (Array.isArray(wanted))
    return wanted.map((item, at) => resolved(item, (has as unknown[] | undefined)?.[at]));
  if (typeof wanted !== "object" || wanted === null) return wanted;
  const object = (has ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [key, resolved(value, object[key])]),
  );
}

/**
 * What stands for a value that is known only after `up`.
 * Source: `UnknownStringValue` and its like in Pulumi's `sdk/go/common/resource/plugin`.
 */
const UNKNOWN: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** A value that Pulumi encrypts before it writes it. */
const secret = (value: unknown): object => ({
  [SECRET_KEY]: SECRET_SIGNATURE,
  plaintext: JSON.stringify(value ?? null),
});

/** The object with what is secret in the inputs secret in it, and the contents of a Secret always. */
function withSecrets(has: unknown, inputs: unknown, isSecretObject: boolean): unknown {
  if (isSecret(inputs)) return inputs;
  if (typeof has !== "object" || has === null || Array.isArray(has)) {
    return Array.isArray(has)
      ? has.map((item: unknown, at) => withSecrets(item, (inputs as unknown[] | undefined)?.[at], false))
      : has;
  }
  const wanted = (typeof inputs === "object" && inputs !== null ? inputs : {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(has).map(([key, value]) => {
      const hidden = isSecretObject && (key === "data" || key === "stringData") && !isSecret(wanted[key]);
      return [key, hidden ? secret(value) : withSecrets(value, wanted[key], false)];
    }),
  );
}
