import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { parseAllDocuments } from "yaml";

import { CliError } from "../base/errors.ts";
import type { KubernetesObject } from "../../kubernetes/object.ts";

/**
 * The Kubernetes objects in files of YAML or JSON, in their order; those of a directory's files, and of standard input for `-`.
 *
 * @throws CliError where a file cannot be read, or holds something else
 */
export async function readObjects(paths: readonly string[]): Promise<readonly KubernetesObject[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const found = await Promise.all(files.map(async (file) => objectsIn(await contentOf(file), file)));
  return found.flat();
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (path === "-" || !(await stat(path).catch(() => undefined))?.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function contentOf(file: string): Promise<string> {
  try {
    return file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(
      `${file} cannot be read`,
      "Name files of YAML or JSON, directories of them, or - for standard input.",
      {
        cause: error,
      },
    );
  }
}

/** The objects in a text; a list is its items. */
export function objectsIn(content: string, file: string): readonly KubernetesObject[] {
  return parseAllDocuments(content, { logLevel: "error" }).flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw new CliError(
        `${file} is no YAML: ${error.message.split("\n")[0] ?? ""}`,
        "Mend it, and run this again.",
      );
    return itemsOf(document.toJS(), `document ${index + 1} of ${file}`);
  });
}

function itemsOf(value: unknown, where: string): readonly KubernetesObject[] {
  if (value === null) return [];
  const { apiVersion, kind, metadata, items } = (
    typeof value === "object" ? value : {}
  ) as Partial<KubernetesObject>;
  if (kind?.endsWith("List") && Array.isArray(items))
    return items.flatMap((item, index) => itemsOf(item, `item ${index + 1} of ${where}`));
  if (typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string")
    return [value as KubernetesObject];
  throw new CliError(
    `${where} is no Kubernetes object`,
    "It needs an apiVersion, a kind and a metadata.name.",
  );
}
