import type { StateResource } from "../state/resource.ts";
import type { ObjectRef } from "../../kubernetes/object.ts";

/** An object as the program said it when it was last deployed. */
export interface Wanted {
  /** Ready to be applied. */
  readonly object: object;
  /** Paths of the values that the program marked secret: `data.token`, `spec.template`. */
  readonly secrets: readonly string[];
  /** The name that the program's fields are set under. */
  readonly manager: string;
}

/** How a state marks a secret, and under `plaintext` holds it in JSON. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The manager's name where the state knows no other. */
const MANAGER = "pulumi-kubernetes";

/**
 * What a program said of an object, out of a state with its secrets in plain.
 *
 * @param resource of the state
 * @param ref of the object
 */
export function wantedOf({ inputs = {}, outputs = {} }: StateResource, ref: ObjectRef): Wanted {
  const secrets: string[] = [];
  const plain = revealed(inputs, "", secrets) as Readonly<Record<string, unknown>>;
  const metadata = {
    ...(plain["metadata"] as object),
    name: ref.name,
    ...(ref.namespace !== undefined && { namespace: ref.namespace }),
  };
  // The provider's own notes, and what no client may say.
  const said = Object.entries(plain).filter(([key]) => !key.startsWith("__") && key !== "status");
  const { __fieldManager: manager } = outputs;
  return {
    object: { ...Object.fromEntries(said), apiVersion: ref.apiVersion, kind: ref.kind, metadata },
    secrets,
    manager: typeof manager === "string" ? manager : MANAGER,
  };
}

function revealed(value: unknown, path: string, secrets: string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => revealed(item, `${path}[${index}]`, secrets));
  const object = value as Readonly<Record<string, unknown>>;
  if (object[SIGNATURE] === SECRET) {
    secrets.push(path);
    return revealed(JSON.parse(String(object["plaintext"])), path, secrets);
  }
  return Object.fromEntries(
    Object.entries(object).map(([key, child]) => [
      key,
      revealed(child, path === "" ? key : `${path}.${key}`, secrets),
    ]),
  );
}
