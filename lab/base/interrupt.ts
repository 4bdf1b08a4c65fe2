import { setTimeout as sleep } from "node:timers/promises";

/**
 * Ctrl-C: everything that runs is asked to stop once, and waited for; a second Ctrl-C kills it.
 *
 * Children run in process groups of their own, because a terminal sends Ctrl-C to every process of its group: Pulumi would
 * get it twice, from the terminal and from us, and takes a second one as an order to drop what it is doing.
 */
const groups = new Set<number>();
let interrupted = false;

/** Whether the user asked to stop; long loops look at it. */
export function isInterrupted(): boolean {
  return interrupted;
}

/** Registers a child that leads its own process group; returns the function that forgets it. */
export function trackGroup(pid: number): () => void {
  groups.add(pid);
  if (interrupted) signalGroup(pid, "SIGINT");
  return () => groups.delete(pid);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

/** Asks whatever still runs to stop, and waits for it, though not for ever. */
export async function endChildren(): Promise<void> {
  for (const pid of groups) signalGroup(pid, "SIGINT");
  const until = Date.now() + 10_000;
  while (groups.size > 0 && Date.now() < until) await sleep(50);
  for (const pid of groups) signalGroup(pid, "SIGKILL");
}

/** Installs the handlers; the dispatcher calls it once. */
export function handleInterrupts(): void {
  let first = 0;
  const onSignal = (): void => {
    if (!interrupted) {
      interrupted = true;
      first = Date.now();
      for (const pid of groups) signalGroup(pid, "SIGINT");
      if (groups.size === 0) process.exit(130);
      process.stderr.write("\nStopping … (Ctrl-C again to stop at once)\n");
      return;
    }
    // One press may arrive twice: from the terminal, and handed on by make.
    if (Date.now() - first < 1000) return;
    for (const pid of groups) signalGroup(pid, "SIGKILL");
    process.exit(130);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", onSignal);
}
