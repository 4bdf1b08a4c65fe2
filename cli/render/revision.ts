import { execFile } from "node:child_process";
import { access, copyFile, realpath, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

import { CliError } from "../base/errors.ts";
import { inTemporary } from "../base/temporary.ts";

/** What a program needs and no revision has: it is taken from the directory as it is now. */
const INSTALLED = ["node_modules", "venv", ".venv"];

/**
 * Gives a project as it was at a revision to something, in a directory of its own that is gone afterwards. What is checked out stays
 * as it is.
 *
 * @param project directory with Pulumi.yaml, in a clone of a repository
 * @param revision anything that git takes for a commit: `main`, `HEAD~1`, a tag
 * @param files beside Pulumi.yaml that are taken from now where the revision has none: a stack's file
 * @throws CliError where there is no such revision, or no such project in it
 */
export async function atRevision<T>(
  { project, revision, files }: { project: string; revision: string; files: readonly string[] },
  use: (project: string) => Promise<T>,
): Promise<T> {
  const here = await realpath(project);
  const top = (await git(here, "rev-parse", "--show-toplevel")).trim();
  const commit = (
    await git(here, "rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`)
  ).trim();
  return await inTemporary(async (temporary) => {
    const copy = join(temporary, "revision");
    // No hook of the clone's runs: it may install, or change files.
    await git(top, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", "--quiet", copy, commit);
    try {
      const then = join(copy, relative(top, here));
      if (!(await exists(join(then, "Pulumi.yaml")))) {
        throw new CliError(
          `there is no Pulumi.yaml in ${relative(top, here) || "the clone"} at ${revision}`,
          "Name a revision that has this project.",
        );
      }
      await supply(here, then, top);
      for (const file of files) {
        if ((await exists(join(here, file))) && !(await exists(join(then, file))))
          await copyFile(join(here, file), join(then, file));
      }
      return await use(then);
    } finally {
      await git(top, "worktree", "remove", "--force", copy);
    }
  });
}

/** Links what is installed in a directory or above it, up to the clone's top, to the same place of a copy. */
async function supply(here: string, then: string, top: string): Promise<void> {
  for (const name of INSTALLED) {
    const [from, to] = [join(here, name), join(then, name)];
    if ((await exists(from)) && !(await exists(to))) await symlink(from, to);
  }
  if (here !== top) await supply(dirname(here), dirname(then), top);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", args, { cwd: directory });
    return stdout;
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    throw new CliError(
      code === "ENOENT" ? "there is no git on PATH" : `git cannot do that: ${stderr.trim()}`,
      "A revision is of a clone of a git repository, and one that `git log` knows.",
      { cause: error },
    );
  }
}
