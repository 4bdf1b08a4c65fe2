import { createHash } from "node:crypto";
import { join } from "node:path";

import { cacheDir, stateDir } from "../base/paths.ts";
import { type GoModule, linkerFlags, mainModule } from "./modules.ts";
import { moduleOf, type Part } from "./parts.ts";
import { sourcesKey } from "./workdir.ts";

/** Where a toolchain lies: one directory for each module in each state of its sources, shared by clones. */
export interface ToolchainLayout {
  readonly key: string;
  readonly root: string;
  /** Every program that was built, by the name it is built under. */
  readonly programs: string;
  /** Of the main module: what people type, to be put first on PATH; without what they have in a good version of their own. */
  readonly bin: string;
}

/** Where what a module builds lies. */
export function toolchainLayout(module: GoModule = mainModule): ToolchainLayout {
  const layout = layouts.get(module) ?? makeLayout(module);
  layouts.set(module, layout);
  return layout;
}

// Who edits the sources while the lab runs must not get half of one toolchain and half of another.
const layouts = new Map<GoModule, ToolchainLayout>();

function makeLayout(module: GoModule): ToolchainLayout {
  const key = createHash("sha256")
    .update(sourcesKey(module))
    .update([...linkerFlags(module), ...(module.tags ?? [])].join(" "))
    .digest("hex")
    .slice(0, 16);
  const root = cacheDir("toolchain", key);
  return { key, root, programs: join(root, "programs"), bin: join(root, "bin") };
}

/** The file of a part that was built. */
export const programOf = (part: Part): string => join(toolchainLayout(moduleOf(part)).programs, part.name);

/** Pulumi's home in the lab: its plugins and the stack that is selected. The user's own ~/.pulumi is left alone. */
export function pulumiHome(): string {
  return stateDir("pulumi-home");
}
