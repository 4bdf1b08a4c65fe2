import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { describe, expect, it } from "vitest";

const project = resolve(import.meta.dirname, "../../..");
const components = join(project, "components");

/** What each floor of the project may import of the others. Only the lab knows the lab. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  "index.ts": ["program", "components"],
  program: ["components", "apps"],
  cli: ["components", "kubernetes", "policy"],
  apps: ["components"],
  examples: ["components", "apps"],
  policy: ["components", "kubernetes"],
  kubernetes: [],
  components: [],
  lab: ["cli", "components", "kubernetes", "apps"],
};

/** The library's folders from the ground up; those of one floor do not know each other. */
const LIBRARY_FLOORS = [
  ["base"],
  ["workload", "tls"],
  ["service", "monitoring", "metallb"],
  ["route"],
  ["traefik"],
  ["platform"],
  ["app"],
  ["sign-in"],
  ["index.ts"],
];

interface Import {
  readonly file: string;
  readonly imported: string;
}

/** Every import of a file of this repository, static, for its effects, or at run time, below a folder. */
const importsBelow = (folder: string): readonly Import[] =>
  (folder.endsWith(".ts") ? [folder] : globSync(`${folder}/**/*.ts`, { cwd: project })).flatMap((name) => {
    const file = join(project, name);
    return [...readFileSync(file, "utf8").matchAll(/(?:from|import) ?\(?"(\.[^"]+)"/g)].map(
      ([, path = ""]) => ({ file, imported: resolve(dirname(file), path) }),
    );
  });

const folderIn = (root: string, file: string): string => relative(root, file).split("/")[0] ?? "";

const told = (imports: readonly Import[]): readonly string[] =>
  imports.map(({ file, imported }) => `${relative(project, file)} -> ${relative(project, imported)}`);

describe.each(Object.entries(FLOORS))("%s", (floor, allowed) => {
  it(`imports nothing of the project but itself and: ${allowed.join(", ") || "nothing"}`, () => {
    const imports = importsBelow(floor);
    expect(imports.length > 0 || allowed.length === 0).toBe(true);
    const wrong = imports.filter(
      ({ imported }) => ![floor, ...allowed].includes(folderIn(project, imported)),
    );
    expect(told(wrong)).toEqual([]);
  });
});

describe("the library", () => {
  const imports = importsBelow("components");
  const folderOf = (file: string): string => folderIn(components, file);
  const floorOf = (folder: string): number => LIBRARY_FLOORS.findIndex((floor) => floor.includes(folder));

  it("is read with its imports", () => {
    expect(imports.length).toBeGreaterThan(300);
  });

  it("has every folder on a floor", () => {
    const folders = [...new Set(imports.map(({ file }) => folderOf(file)))];
    expect(folders.filter((name) => floorOf(name) < 0)).toEqual([]);
  });

  it("has no import that runs upwards, across a floor, or out of the library", () => {
    const wrong = imports.filter(({ file, imported }) => {
      const [from, to] = [folderOf(file), folderOf(imported)];
      return from !== to && floorOf(to) >= floorOf(from) && floorOf(from) >= 0;
    });
    const outside = imports.filter(({ imported }) => floorOf(folderOf(imported)) < 0);
    expect(told([...wrong, ...outside])).toEqual([]);
  });
});
