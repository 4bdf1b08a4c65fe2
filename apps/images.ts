import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory that holds one directory, with a Dockerfile, for each app. */
export const appsDirectory = dirname(fileURLToPath(import.meta.url));

/** Names of the apps, which are those of their directories: `fastapi`, `nginx`. */
export function appNames(): string[] {
  return readdirSync(appsDirectory)
    .filter((name) => existsSync(join(appsDirectory, name, "Dockerfile")))
    .sort();
}

/**
 * The image of an app, tagged by its content: `slipway-<name>:<tag>`, below a registry when one is given.
 *
 * The tag changes when, and only when, what the image is built from does; so whoever builds the image and whoever deploys
 * it agree on it without telling each other.
 *
 * @param name directory of the app: `fastapi`
 * @param registry host, with a port and a project prefix where the registry wants them: `registry.example.com:5000/lab`
 */
export function imageReference(name: string, registry?: string): string {
  const prefix = registry === undefined || registry === "" ? "" : `${registry.replace(/\/+$/, "")}/`;
  const tag = tags.get(name) ?? imageTag(join(appsDirectory, name));
  tags.set(name, tag);
  return `${prefix}slipway-${name}:${tag}`;
}

/** Tags by app: several apps of a stack may run one image, whose build context is read once. */
const tags = new Map<string, string>();

/**
 * Twelve hexadecimal digits that stand for the content of a build context: the files that `.dockerignore` lets through.
 * The same on every system: paths are written with `/`, and the line ends of text files do not count.
 *
 * @param directory the build context
 */
export function imageTag(directory: string): string {
  const hash = createHash("sha256");
  for (const path of contextFiles(directory)) {
    const content = withoutCarriageReturns(readFileSync(join(directory, path)));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/** The files of a build context, relative to it, in a fixed order. */
export function contextFiles(directory: string): string[] {
  const file = join(directory, ".dockerignore");
  const ignored = ignoreRules(existsSync(file) ? readFileSync(file, "utf8") : "");
  return (
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => path.slice(directory.length).replaceAll("\\", "/").replace(/^\/+/, ""))
      .filter((path) => !ignored(path))
      // By code unit: the same in every locale.
      .sort((a, b) => (a < b ? -1 : 1))
  );
}

/** The rules of a `.dockerignore`: the last pattern that matches a path, or a directory above it, decides. */
function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ ignore: !line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.ignore ?? false;
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/^\/|\/$/g, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (token) => {
      if (token === "**/") return "(?:.*/)?";
      if (token === "**") return ".*";
      return token === "*" ? "[^/]*" : "[^/]";
    });
  return new RegExp(`^${source}(?:/|$)`);
}

function withoutCarriageReturns(content: Buffer): Buffer {
  // git's own test for a binary file.
  if (content.subarray(0, 8000).includes(0)) return content;
  return Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}
