import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { projectDir } from "../base/paths.ts";
import { compareVersions, which } from "./installed.ts";
import { pulumiHome, type ToolchainLayout } from "./layout.ts";
import type { Part } from "./parts.ts";
import { placeLink, placeProgram } from "./place.ts";

export type PluginPart = Part & { readonly plugin: NonNullable<Part["plugin"]> };

export function isPlugin(part: Part): part is PluginPart {
  return part.plugin !== undefined;
}

/** The version of a provider that this clone's SDK asks for. */
async function sdkVersion(provider: string): Promise<string> {
  const manifest = join(projectDir, "node_modules", "@pulumi", provider, "package.json");
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
}

/**
 * The user's own build of a provider: on PATH, where Pulumi prefers it to all others, or in ~/.pulumi in a version that the
 * SDK can work with.
 */
export async function findUsersPlugin({ name, plugin }: PluginPart): Promise<string | undefined> {
  const onPath = which(name, process.env["PATH"] ?? "");
  if (onPath !== undefined) return onPath;
  const directory = join(homedir(), ".pulumi", "plugins");
  if (!existsSync(directory)) return undefined;
  const wanted = await sdkVersion(plugin.provider);
  return readdirSync(directory)
    .filter((entry) => canServe(entry, plugin.provider, wanted))
    .map((entry) => join(directory, entry, name))
    .find((file) => existsSync(file));
}

/** Whether a plugin directory holds a build of the provider that will do for an SDK of this version. */
export function canServe(directory: string, provider: string, sdk: string): boolean {
  const version = new RegExp(`^resource-${provider}-v(\\d+\\.\\d+\\.\\d+)$`).exec(directory)?.[1];
  if (version === undefined) return false;
  return version.split(".")[0] === sdk.split(".")[0] && compareVersions(version, sdk) >= 0;
}

/**
 * Installs the lab's builds of the providers where Pulumi looks for those the program's SDKs ask for, and under their versions.
 * On PATH each would be good for a warning in every preview; and of the newest official versions there is no Go module. What they
 * are made from each says in the version it reports, and the lab once.
 *
 * @returns whether any is new
 */
export async function installPlugins(
  parts: readonly PluginPart[],
  { programs }: ToolchainLayout,
): Promise<boolean> {
  let changed = false;
  const plugins = join(pulumiHome(), "plugins");
  await mkdir(plugins, { recursive: true });
  for (const part of parts) {
    const { provider } = part.plugin;
    const directory = `resource-${provider}-v${await sdkVersion(provider)}`;
    for (const other of await readdir(plugins)) {
      // Pulumi would take the highest version, which may be another clone's.
      if (other.startsWith(`resource-${provider}-v`) && other !== directory) {
        await rm(join(plugins, other), { recursive: true, force: true });
      }
    }
    const users = await findUsersPlugin(part);
    const target = join(plugins, directory, part.name);
    if (!existsSync(target)) changed = true;
    if (users === undefined) await placeProgram(join(programs, part.name), target);
    else await placeLink(users, target);
  }
  return changed;
}
