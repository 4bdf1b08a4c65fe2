import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { withLock } from "../base/lock.ts";
import { cacheDir } from "../base/paths.ts";
import type { Log } from "../base/progress.ts";
import { Arrivals } from "./arrivals.ts";
import { buildParts } from "./build.ts";
import { findInstalled } from "./installed.ts";
import { programOf, toolchainLayout } from "./layout.ts";
import { type GoModule, mainModule } from "./modules.ts";
import { findPart, kubectl, moduleOf, parts, type Part } from "./parts.ts";
import { placeLink, placeProgram } from "./place.ts";
import { findUsersPlugin, installPlugins, isPlugin } from "./plugins.ts";
import { noteUse, pruneToolchains } from "./prune.ts";

export { pulumiHome, toolchainLayout, type ToolchainLayout } from "./layout.ts";

export interface Toolchain {
  /** Directory of the main module's programs, by the names in parts.ts; complete when {@link ready} says so. */
  readonly programs: string;
  /** The file of a program, an addon's too. */
  readonly program: (name: string) => string;
  /** Directory of what is put first on PATH. */
  readonly bin: string;
  /** Waits for some programs, while others are still built. @default all */
  ready(...names: readonly string[]): Promise<void>;
}

/** Programs that are there, but not as the lab's: the name, and where. */
type Found = ReadonlyMap<string, string>;

/**
 * Sees to it that the lab's programs are there, building those that are not.
 *
 * @param addons names of further parts that are built on demand only
 */
export async function bringToolchain(log: Log, addons: readonly string[] = []): Promise<Toolchain> {
  const layout = toolchainLayout();
  const found = await findUsersTools();
  const wanted = parts.filter(
    ({ name, when }) => !found.has(name) && (when !== "addon" || addons.includes(name)),
  );
  const arrivals = new Arrivals(wanted.map(({ name }) => name));
  const done = buildMissing(wanted, log, arrivals).then(() => install(wanted, found, log));
  done.catch((error: unknown) => {
    arrivals.failed(error);
  });
  return {
    programs: layout.programs,
    program: (name) => programOf(partNamed(name)),
    bin: layout.bin,
    async ready(...names) {
      if (names.length === 0) await done;
      for (const name of names) await arrivals.waitFor(partNamed(name).name);
    },
  };
}

async function buildMissing(wanted: readonly Part[], log: Log, arrivals: Arrivals): Promise<void> {
  const missing = (): Part[] => wanted.filter((part) => !existsSync(programOf(part)));
  const announce = (): void => {
    const absent = missing();
    for (const part of wanted) if (!absent.includes(part)) arrivals.arrived(part.name);
  };
  announce();
  if (missing().length === 0) return;
  await withLock(cacheDir("toolchain.lock"), log, async () => {
    // Another run may have built them meanwhile.
    announce();
    const toBuild = missing();
    for (const module of modulesOf(toBuild)) {
      const own = toBuild.filter((part) => moduleOf(part) === module);
      await buildParts(own, { log, module, layout: toolchainLayout(module), onBuilt: announce });
    }
    if (toBuild.length > 0) await pruneToolchains(toolchainLayout().key);
  });
}

/** Puts the programs where people and Pulumi look for them. */
async function install(wanted: readonly Part[], found: Found, log: Log): Promise<void> {
  const layout = toolchainLayout();
  const { bin, programs } = layout;
  await mkdir(bin, { recursive: true });
  for (const module of new Set([mainModule, ...modulesOf(wanted)]))
    await noteUse(toolchainLayout(module).root);
  for (const name of found.keys()) await rm(join(bin, name), { force: true });
  const onPath = parts.filter(
    ({ installed, comesWith }) => installed !== undefined || comesWith !== undefined,
  );
  for (const { name } of onPath) {
    if (!found.has(name)) await placeProgram(join(programs, name), join(bin, name));
  }
  if (!found.has(kubectl.command))
    await placeProgram(join(programs, "kubernetes"), join(bin, kubectl.command));
  await placeNode(bin);
  if (await installPlugins(parts.filter(isPlugin), layout)) log.info(await describeProviders());
}

/** What the user has in a good version: it is used, and not built. */
async function findUsersTools(): Promise<Found> {
  const found = new Map<string, string>();
  for (const part of parts) {
    const path = part.installed
      ? await findInstalled(part.installed)
      : isPlugin(part)
        ? await findUsersPlugin(part)
        : part.comesWith && found.get(part.comesWith);
    if (path !== undefined) found.set(part.name, path);
  }
  const users = await findInstalled(kubectl);
  if (users !== undefined) found.set(kubectl.command, users);
  return found;
}

const oldestNode = "22.18.0";

/** Programs need a Node.js that runs TypeScript; this one does. */
async function placeNode(bin: string): Promise<void> {
  const users = await findInstalled({ command: "node", args: ["--version"], atLeast: oldestNode });
  if (users === undefined) await placeLink(process.execPath, join(bin, "node"));
  else await rm(join(bin, "node"), { force: true });
}

/** What the lab uses for Pulumi's providers, in its own words: once, instead of a warning in every preview. */
async function describeProviders(): Promise<string> {
  const words: string[] = [];
  for (const part of parts.filter(isPlugin)) {
    const users = await findUsersPlugin(part);
    words.push(
      users === undefined
        ? `${part.plugin.provider} ${part.plugin.builtFrom}`
        : `${part.plugin.provider}: ${users}`,
    );
  }
  return `Pulumi's providers are builds from public Go modules: ${words.join(", ")}. They serve the newer SDKs of this clone.`;
}

const modulesOf = (parts: readonly Part[]): Set<GoModule> => new Set(parts.map(moduleOf));

function partNamed(name: string): Part {
  const part = findPart(name);
  if (part !== undefined) return part;
  throw new LabError(`no part is called ${name}`, `There are: ${parts.map(({ name }) => name).join(", ")}`);
}
