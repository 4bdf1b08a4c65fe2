import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { projectDir } from "../base/paths.ts";
import type { ToolchainLayout } from "./layout.ts";
import { placeText, shortHash } from "./place.ts";

const source = join(projectDir, "lab", "toolchain", "language-host");

/**
 * Puts `pulumi-language-nodejs` beside `pulumi`, where the CLI takes it for its own. It is a copy, because the toolchain
 * outlives the clone it was made from.
 */
export async function installLanguageHost({ root, bin }: ToolchainLayout): Promise<void> {
  const names = (await readdir(source)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(source, name), "utf8")));
  const directory = join(root, `language-host-${shortHash(...texts)}`);
  if (!existsSync(directory)) {
    const partial = `${directory}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    await cp(source, partial, { recursive: true });
    try {
      await rename(partial, directory);
    } catch {
      // Another run was faster.
      await rm(partial, { recursive: true });
    }
  }
  const script = [
    "#!/bin/sh",
    `node='${process.execPath}'`,
    '[ -x "$node" ] || node=node',
    `exec "$node" '${join(directory, "main.ts")}' "$@"`,
    "",
  ].join("\n");
  await placeText(script, join(bin, "pulumi-language-nodejs"), 0o755);
}
