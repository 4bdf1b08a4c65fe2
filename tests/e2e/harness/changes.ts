/** A resource that a preview or an update wants to change. */
export interface Change {
  readonly op: string;
  /** Type and name: `kubernetes:apps/v1:Deployment api`. */
  readonly resource: string;
  /** Properties that differ, `spec.replicas`. */
  readonly properties: readonly string[];
}

/** What the engine writes of an event, as far as it is read here. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: object | null;
}

/** What is told of each step that changes something, in the events that a preview prints, one a line. */
export const changesIn = (output: string): Change[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => changeOf(JSON.parse(line) as EngineEvent));

function changeOf({ resourcePreEvent }: EngineEvent): Change[] {
  if (resourcePreEvent === undefined) return [];
  const { op, urn, type, detailedDiff } = resourcePreEvent.metadata;
  const name = urn.split("::").at(-1) ?? "";
  // Default providers are the engine's own housekeeping, which it shows nobody.
  if (op === "same" || op === "read" || /^pulumi:providers:.*::default/.test(`${type}::${name}`)) return [];
  return [{ op, resource: `${type} ${name}`, properties: Object.keys(detailedDiff ?? {}) }];
}
