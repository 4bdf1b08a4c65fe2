import { createHash } from "node:crypto";
import { join } from "node:path";

import { cacheDir, stateDir } from "../base/paths.ts";
import { linkerFlags } from "./parts.ts";
import { sourcesKey } from "./workdir.ts";

/** Where a toolchain lies: one directory for each state of its sources, shared by clones. */
export interface ToolchainLayout {
  readonly key: string;
  readonly root: string;
  /** Every program that was built, by the name it is built under. */
  readonly programs: string;
  /** What people type, to be put first on PATH; without what they have in a good version of their own. */
  readonly bin: string;
}

export function toolchainLayout(): ToolchainLayout {
  layout ??= makeLayout();
  return layout;
}

// Who edits the sources while the lab runs must not get half of one toolchain and half of another.
let layout: ToolchainLayout | undefined;

function makeLayout(): ToolchainLayout {
  const key = createHash("sha256")
    .update(sourcesKey())
    .update(linkerFlags.join(" "))
    .digest("hex")
    .slice(0, 16);
  const root = cacheDir("toolchain", key);
  return { key, root, programs: join(root, "programs"), bin: join(root, "bin") };
}

/** Pulumi's home in the lab: its plugins and the stack that is selected. The user's own ~/.pulumi is left alone. */
export function pulumiHome(): string {
  return stateDir("pulumi-home");
}
