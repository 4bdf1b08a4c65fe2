import type { FieldChange } from "./compare.ts";
import { isController } from "./owners.ts";

/** What a person's command leaves behind and nobody has to take back: a restart, and kubectl's own memory. */
const TRACES = /annotations\["kubectl\.kubernetes\.io\/(restartedAt|last-applied-configuration)"\]$/;

/**
 * Why a change is nobody's doing; `undefined` for one that somebody made.
 *
 * @param more names of further managers that are controllers
 */
export function harmless(change: FieldChange, more: readonly string[] = []): string | undefined {
  const { path, found, owners } = change;
  if (TRACES.test(path)) return "a command's trace";
  // Who took it away is only guessed.
  if (found === undefined) return undefined;
  const [first] = owners;
  if (first === undefined) return undefined;
  return owners.every((owner) => isController(owner, more)) ? `${first.manager}'s own` : undefined;
}
