import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { projectDir } from "./base/paths.ts";
import { capture } from "./base/run.ts";
import { passphraseFile } from "./env.ts";

/** Makes the passphrase on first use. It lies outside of the clone and of the lab's state, and is never made anew. */
export async function ensurePassphrase(): Promise<void> {
  if (existsSync(passphraseFile)) return;
  await mkdir(dirname(passphraseFile), { recursive: true, mode: 0o700 });
  const partial = `${passphraseFile}.${process.pid}`;
  await writeFile(partial, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  try {
    // Unlike a rename, this does not replace what another run made meanwhile.
    await link(partial, passphraseFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(partial);
  }
}

/**
 * Keeps `git status` clean: Pulumi writes a stack's salt into its file, which .gitattributes leads through this filter. The salt
 * goes with the passphrase of one machine and is nothing to commit.
 */
export async function filterSalts(): Promise<void> {
  if (!existsSync(join(projectDir, ".git"))) return;
  await capture("git", ["config", "filter.encryptionsalt.clean", "sed '/^encryptionsalt:/d'"], {
    cwd: projectDir,
  });
}

/**
 * Git takes a file whose size changed for a changed one and does not ask the filter. So where the salt is the only difference, the
 * file is added, which stages nothing and tells git the new size.
 */
export async function settleStackFile(stack: string): Promise<void> {
  const options = { cwd: projectDir };
  const file = `Pulumi.${stack}.yaml`;
  try {
    const tracked = await capture("git", ["ls-files", "--", file], options);
    const changed = await capture("git", ["diff", "--", file], options);
    if (tracked !== "" && changed === "") await capture("git", ["add", "--", file], options);
  } catch {
    // No repository, no git, or another git at work: nothing depends on it.
  }
}

/** Removes a salt from a stack's file that no value of it is encrypted with: it may go with another passphrase. */
export async function dropUnusedSalt(stack: string): Promise<void> {
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return;
  const text = await readFile(file, "utf8");
  const kept = withoutUnusedSalt(text);
  if (kept !== text) await writeFile(file, kept);
}

export function withoutUnusedSalt(text: string): string {
  return /^\s*(- )?secure:/m.test(text) ? text : text.replace(/^encryptionsalt:.*\n/m, "");
}
