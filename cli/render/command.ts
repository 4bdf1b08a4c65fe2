import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Command } from "commander";

import { CliError } from "../base/errors.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, withJson } from "../base/output.ts";
import { type ProjectOptions, withProject } from "../base/project.ts";
import { previewFrom } from "../preview/input.ts";
import { render } from "./manifests.ts";

interface Options extends ProjectOptions {
  readonly json?: boolean;
  readonly preview?: string;
}

/** Files of an earlier run, which are replaced; anything else in the directory stays. */
const OURS = /^\d{4,}-.*\.yaml$/;

const HELP = `
Every object of the stack as it will be after an up, one file each, named so that \`kubectl apply -f
DIRECTORY\` takes them in order. They come from a preview; nothing is deployed. Secrets are never
written: they are listed, and whoever applies the files supplies them first.

The files are the same for the same program, so that a diff of two revisions is what changes:
  git stash; slipway render before; git stash pop; slipway render after; diff -ru before after

Examples:
  slipway render manifests --stack prod
  slipway render manifests --preview preview.json
`;

/** `slipway render`. */
export const renderCommand = withJson(
  withProject(
    new Command("render").description(
      "write the stack's objects as YAML that can be applied, without secrets",
    ),
  ),
)
  .argument("<directory>", "where the files go; files of an earlier run are replaced")
  .option("--preview <file>", "take this preview instead of running one; - for standard input")
  .addHelpText("after", HELP)
  .action(async (directory: string, options: Options) => {
    const preview = await previewFrom(options.preview, options);
    if (preview.failed || !preview.complete) {
      throw new CliError(
        preview.failed ? "the preview failed" : "the preview leaves out what does not change",
        preview.failed
          ? "`pulumi preview` says why."
          : "Make it with --show-sames, or as a stream of events.",
      );
    }
    const { manifests, leftOut } = render(preview);
    await mkdir(directory, { recursive: true });
    const before = (await readdir(directory)).filter((name) => OURS.test(name));
    await Promise.all(before.map((name) => rm(join(directory, name))));
    await Promise.all(manifests.map(({ file, content }) => writeFile(join(directory, file), content)));
    const incomplete = leftOut.filter(({ whole }) => !whole);
    if (options.json) printJson({ directory, files: manifests.map(({ file }) => file), leftOut });
    else {
      print(`${manifests.length} objects are in ${directory}.`);
      for (const { object, fields } of leftOut.filter(({ whole }) => whole))
        print(`  supply ${object}: ${fields.join(", ")}`);
      for (const { object, fields } of incomplete)
        print(`  ${object} is not complete, without ${fields.join(", ")}`);
    }
    process.exitCode = incomplete.length > 0 ? EXIT.found : EXIT.fine;
  });
