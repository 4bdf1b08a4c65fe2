import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone this file lies in. */
export const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  // The XDG specification: an empty or relative path counts as unset.
  return value?.startsWith("/") ? value : join(homedir(), fallback);
}

/** What can be made again: built tools, Node.js, images. Shared between clones. */
export function cacheDir(...below: string[]): string {
  return join(xdg("XDG_CACHE_HOME", ".cache"), "slipway", ...below);
}

/** What the running lab is: cluster, Pulumi backend, logs. Gone after `lab/run lab-down`. */
export function stateDir(...below: string[]): string {
  return join(xdg("XDG_STATE_HOME", ".local/state"), "slipway", "lab", ...below);
}

/** What must not be lost: the passphrase. */
export function configDir(...below: string[]): string {
  return join(xdg("XDG_CONFIG_HOME", ".config"), "slipway", ...below);
}

/** The log file of one kind of work; appended to by {@link run}. */
export function logFile(name: string): string {
  return stateDir("logs", `${name}.log`);
}
