import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { CliError } from "../base/errors.ts";
import type { Preview } from "./preview.ts";
import { readPreview } from "./read.ts";
import { type PreviewOptions, runPreview } from "./run.ts";

/**
 * The preview that a verb is about: of a file, of standard input for `-`, or one that is run now.
 *
 * @throws CliError where the file is not there, or is no preview
 */
export async function previewFrom(file: string | undefined, options: PreviewOptions): Promise<Preview> {
  if (file === undefined) return await runPreview(options);
  if (file === "-") return readPreview(await text(process.stdin), "standard input");
  let content: string;
  try {
    content = await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read`, "Name the file of a preview, or - for standard input.", {
      cause: error,
    });
  }
  return readPreview(content, file);
}
