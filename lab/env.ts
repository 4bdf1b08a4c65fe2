import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

import { cacheDir, configDir, projectDir, stateDir } from "./base/paths.ts";
import { kubeconfigFile, lab, metallbChart } from "./cluster/index.ts";
import { pulumiHome, toolchainLayout } from "./toolchain/index.ts";

/** Holds the passphrase that the secrets of every stack in the lab are encrypted with. */
export const passphraseFile = configDir("passphrase");

/** Directory of Pulumi's state. */
export const backendDir = stateDir("backend");

/** Where Node.js keeps compiled JavaScript: half a second less in each preview, and a fifth of the unit tests' time. */
export const compileCache = cacheDir("node-compile");

/** One for each clone that uses the lab: the chart is the clone's. */
const siteFile = stateDir(
  "sites",
  `${createHash("sha256").update(projectDir).digest("hex").slice(0, 12)}.json`,
);

/** What a program and its tools are handed over by: nothing else tells them that they run in the lab. */
function labEnvironment(): Record<string, string> {
  return {
    KUBECONFIG: kubeconfigFile,
    PULUMI_HOME: pulumiHome(),
    // No file of checksums beside each state, which a killed run may leave empty: a twentieth of an `up` of many apps, too.
    PULUMI_BACKEND_URL: `file://${backendDir}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Pulumi's processes are short-lived and memory is there: collect garbage less often. Saves a tenth of an `up`.
    GOGC: "400",
    NODE_COMPILE_CACHE: compileCache,
    // A stack's encryption is known to its state, even where no Pulumi.<stack>.yaml says so.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    SLIPWAY_SITE: siteFile,
    // There with the addon metallb; for examples/load-balancer.
    SLIPWAY_METALLB_CHART: metallbChart,
  };
}

/** PATH with the lab's programs first, once. */
export function labPath(path = process.env["PATH"] ?? ""): string {
  const { bin } = toolchainLayout();
  return [bin, ...path.split(delimiter).filter((directory) => directory !== bin)].join(delimiter);
}

/** The environment for a command of the lab's. */
export function commandEnvironment(): Record<string, string> {
  return { ...labEnvironment(), PATH: labPath() };
}

/** Shell exports, for `eval "$(make -s env)"`. */
export function shellExports(): string {
  return Object.entries(commandEnvironment())
    .map(([name, value]) => `export ${name}=${shellQuote(value)}`)
    .join("\n");
}

/** As one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What holds for every stack in the lab and no stack's file says. */
export function siteConfiguration(): object {
  return {
    traefik: {
      chart: join(projectDir, "lab", "chart", "traefik"),
      // The cluster comes with them, so that stacks can come and go.
      crds: "external",
    },
    endpoint: { nodeAddress: lab.nodeAddress },
  };
}

/** Writes what the environment's variables point to. */
export async function writeSite(): Promise<void> {
  await mkdir(backendDir, { recursive: true, mode: 0o700 });
  await keepNoLogs(join(pulumiHome(), "logs"));
  await mkdir(dirname(siteFile), { recursive: true });
  await writeFile(siteFile, `${JSON.stringify(siteConfiguration(), undefined, 2)}\n`);
}

/**
 * Keeps Pulumi from logging each run at the most verbose level, which takes a quarter of a preview's processor time and has no setting:
 * it goes on without where its directory cannot be made.
 */
async function keepNoLogs(directory: string): Promise<void> {
  if (statSync(directory, { throwIfNoEntry: false })?.isFile() === true) return;
  await rm(directory, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true });
  await writeFile(directory, "");
}
