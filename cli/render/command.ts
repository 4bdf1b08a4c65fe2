import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Command } from "commander";

import { CliError } from "../base/errors.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, withJson } from "../base/output.ts";
import { openStack, type ProjectOptions, withProject } from "../base/project.ts";
import { previewFrom } from "../preview/input.ts";
import type { Preview } from "../preview/preview.ts";
import { runPreview } from "../preview/run.ts";
import { differenceOf } from "./difference.ts";
import { render, type Rendering } from "./manifests.ts";
import { atRevision } from "./revision.ts";

interface Options extends ProjectOptions {
  readonly json?: boolean;
  readonly preview?: string;
  readonly diff?: string;
}

/** Files of an earlier run, which are replaced; anything else in the directory stays. */
const OURS = /^\d{4,}-.*\.yaml$/;

const HELP = `
Every object of the stack as it will be after an up, one file each, named so that \`kubectl apply -f
DIRECTORY\` takes them in order. They come from a preview; nothing is deployed. Secrets are never
written: they are listed, and whoever applies the files supplies them first.

The files are the same for the same program, and an object that comes or goes leaves the names of the
others as they are: kept in a repository, their history is what changed. --diff shows that before
anything is kept: the objects of the program at another revision beside those of the program as it is.

Examples:
  slipway render manifests --stack prod
  slipway render manifests --preview preview.json
  slipway render --diff main --stack prod      what this branch changes, as a diff of YAML
`;

/** `slipway render`. */
export const renderCommand = withJson(
  withProject(
    new Command("render").description(
      "write the stack's objects as YAML that can be applied, without secrets",
    ),
  ),
)
  .argument("[directory]", "where the files go; files of an earlier run are replaced")
  .option("--preview <file>", "take this preview instead of running one; - for standard input")
  .option("--diff <revision>", "print what is different from the program at a revision of its git repository")
  .addHelpText("after", HELP)
  .action(async (directory: string | undefined, options: Options) => {
    const { diff: revision, json = false } = options;
    if (directory === undefined && revision === undefined)
      throw new CliError("no directory is named", "Name one for the files, or a revision by --diff.");
    const now = render(whole(await previewFrom(options.preview, options)));
    if (directory !== undefined) await write(now, directory);
    if (revision === undefined) tell(now, directory ?? "", json);
    else compare(await renderedAt(revision, options), now, { revision, json });
  });

/** @throws CliError for a preview that does not tell of every object */
function whole(preview: Preview): Preview {
  if (preview.failed) throw new CliError("the preview failed", "`pulumi preview` says why.");
  if (preview.complete) return preview;
  throw new CliError(
    "the preview leaves out what does not change",
    "Make it with --show-sames, or as a stream of events.",
  );
}

async function write({ manifests }: Rendering, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const before = (await readdir(directory)).filter((name) => OURS.test(name));
  await Promise.all(before.map((name) => rm(join(directory, name))));
  await Promise.all(manifests.map(({ file, content }) => writeFile(join(directory, file), content)));
}

function tell({ manifests, leftOut }: Rendering, directory: string, json: boolean): void {
  const incomplete = leftOut.filter(({ whole }) => !whole);
  if (json) printJson({ directory, files: manifests.map(({ file }) => file), leftOut });
  else {
    print(`${manifests.length} objects are in ${directory}.`);
    for (const { object, fields } of leftOut.filter(({ whole }) => whole))
      print(`  supply ${object}: ${fields.join(", ")}`);
    for (const { object, fields } of incomplete)
      print(`  ${object} is not complete, without ${fields.join(", ")}`);
  }
  process.exitCode = incomplete.length > 0 ? EXIT.found : EXIT.fine;
}

/** The objects of the program at a revision, of the same stack. */
async function renderedAt(revision: string, options: Options): Promise<Rendering> {
  const { workspace, name } = await openStack(options);
  const files = [`Pulumi.${name}.yaml`];
  return await atRevision({ project: workspace.workDir, revision, files }, async (cwd) => {
    const preview = await runPreview({ cwd, stack: name });
    if (!preview.failed) return render(whole(preview));
    const said = preview.diagnostics.filter(({ severity }) => severity === "error");
    throw new CliError(
      [`the program at ${revision} cannot be previewed:`, ...said.map(({ message }) => message.trim())].join(
        "\n",
      ),
      "It runs with the packages that are installed now; other versions may be what it wants.",
    );
  });
}

function compare(
  before: Rendering,
  after: Rendering,
  { revision, json }: { readonly revision: string; readonly json: boolean },
): void {
  const diff = differenceOf(before, after);
  if (json) printJson({ revision, diff });
  else print(diff === "" ? `Nothing is different from ${revision}.` : diff.trimEnd());
  process.exitCode = diff === "" ? EXIT.fine : EXIT.found;
}
