import { explainFailure } from "../base/failures.ts";
import { inTemporary } from "../base/temporary.ts";
import { runPulumi } from "../base/pulumi.ts";
import { type KubeObject } from "../cluster/object.ts";
import type { StackPlace } from "../state/checkpoint.ts";
import { isObject, nameOf, type StateResource } from "../state/resource.ts";
import { covers } from "./ownership.ts";
import type { Planned } from "./plan.ts";
import { groupOf } from "../../kubernetes/object.ts";

/** What a preview says as JSON. */
interface Digest {
  readonly steps?: readonly {
    readonly op: string;
    readonly oldState?: StateResource;
    readonly newState?: StateResource;
  }[];
  readonly diagnostics?: readonly { readonly message?: string; readonly severity?: string }[];
}

/** What the program would make, or why that cannot be told. */
export type Preview = { readonly planned: Planned } | { readonly failure: string };

/** Runs a preview. It changes nothing, neither in the cluster nor in the state. */
export async function previewCreates({ directory, stack }: StackPlace): Promise<Preview> {
  const { stdout, stderr, code } = await inTemporary((TMPDIR) =>
    runPulumi(["preview", "--json", "--stack", stack], directory, { env: { TMPDIR } }),
  );
  const digest = parsed(stdout);
  if (code !== 0 || digest === undefined) {
    const errors = (digest?.diagnostics ?? []).filter(({ severity }) => severity === "error");
    const said = errors.map(({ message = "" }) => message.trim()).join("\n");
    const failure = said || stderr.trim() || "pulumi preview failed";
    return { failure: explainFailure(failure)?.message ?? failure };
  }
  return { planned: createsOf(digest) };
}

function parsed(stdout: string): Digest | undefined {
  try {
    return JSON.parse(stdout) as Digest;
  } catch {
    return undefined;
  }
}

/** Resources that a preview would create, those before that others need. */
export const createsOf = ({ steps = [] }: Digest): Planned =>
  steps.flatMap(({ op, oldState, newState }) => {
    const wanted = op === "create" || (oldState?.pendingReplacement === true && op !== "same");
    return wanted && newState !== undefined ? [newState] : [];
  });

/**
 * Gives resources that Pulumi names by itself the name that they have in the cluster already, where one object alone can be
 * meant: each preview makes up another.
 * @param astray objects with the stack's labels that are not in its state
 */
export const withActualNames = (planned: Planned, astray: readonly KubeObject[]): Planned =>
  planned.map((resource) => {
    const { inputs = {}, urn } = resource;
    const { metadata = {}, apiVersion = "", kind } = inputs as Manifest;
    if (!isObject(resource) || metadata.annotations?.["pulumi.com/autonamed"] !== "true") return resource;
    const [found, ...others] = astray.filter(
      (object) =>
        object.kind === kind &&
        groupOf(object.apiVersion) === groupOf(apiVersion) &&
        (object.metadata.namespace ?? metadata.namespace) === metadata.namespace &&
        object.metadata.name.startsWith(`${nameOf(urn)}-`) &&
        covers(object.metadata.labels, metadata.labels ?? {}),
    );
    if (found === undefined || others.length > 0) return resource;
    return { ...resource, inputs: { ...inputs, metadata: { ...metadata, name: found.metadata.name } } };
  });

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
