/** What Kubernetes tells of an object, as `kubectl get events` has it. */
export interface EventState {
  readonly involvedObject: { readonly name: string };
  readonly message?: string | undefined;
}

/**
 * Why pods were not made, in the API server's words: a quota is used up, or a limit passed; `undefined` when none was refused.
 * @param workload as it is to be called
 * @param name of the workload, with which those of its ReplicaSets begin
 * @param events about pods that could not be made in its namespace
 */
export function refused(workload: string, name: string, events: readonly EventState[]): string | undefined {
  const own = events.filter(
    ({ involvedObject }) =>
      involvedObject.name === name || new RegExp(`^${name}-[a-z0-9]+$`).test(involvedObject.name),
  );
  const reasons = own.map(({ message = "" }) => message.replace(/^.*? is forbidden: /, ""));
  if (reasons.length === 0) return undefined;
  // Of a quota, each message tells what was used at its moment: the last one is of now.
  return `pods of ${workload} are refused: ${reasons.at(-1) ?? ""}`;
}
