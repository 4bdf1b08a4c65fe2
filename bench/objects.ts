/** A resource in a stack's state. */
interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly parent?: string;
  readonly custom: boolean;
  readonly inputs?: unknown;
}

/** A Kubernetes object as one would write it by hand. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The objects of a stack: what came by the Helm chart, and what did not. */
export interface StackObjects {
  readonly chart: readonly Manifest[];
  readonly others: readonly Manifest[];
}

/** Marks a secret in an exported state; its value is JSON in `plaintext`. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Reads the objects out of a stack's state, exported with its secrets in plain. */
export function stackObjects(resources: readonly StateResource[]): StackObjects {
  const charts = new Set(
    resources.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart").map(({ urn }) => urn),
  );
  const objects = resources.filter(({ type, custom }) => custom && type.startsWith("kubernetes:"));
  const manifests = (inChart: boolean): Manifest[] =>
    objects
      .filter(({ parent = "" }) => charts.has(parent) === inChart)
      .map(({ inputs }) => plain(inputs) as Manifest);
  return { chart: manifests(true), others: manifests(false) };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (SECRET in object) return plain(JSON.parse(object["plaintext"] as string));
  const own = Object.entries(object).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(own.map(([key, inner]) => [key, plain(inner)]));
}
