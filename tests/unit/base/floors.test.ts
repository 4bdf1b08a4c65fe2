import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { expect, it } from "vitest";

const components = resolve(import.meta.dirname, "../../../components");

/** The library's folders from the ground up; those of one floor do not know each other. */
const FLOORS = [
  ["base"],
  ["workload", "tls", "metallb"],
  ["service"],
  ["route"],
  ["traefik"],
  ["platform"],
  ["app"],
  ["index.ts"],
];

const folderOf = (file: string): string => relative(components, file).split("/")[0] ?? "";
const floorOf = (folder: string): number => FLOORS.findIndex((floor) => floor.includes(folder));

/** The files of the library with what each imports of this repository. */
const imports = globSync("**/*.ts", { cwd: components }).flatMap((name) => {
  const file = join(components, name);
  return [...readFileSync(file, "utf8").matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(([, path = ""]) => ({
    file,
    imported: resolve(dirname(file), path),
  }));
});

it("reads the imports", () => {
  expect(imports.length).toBeGreaterThan(300);
});

it("finds every folder of the library on a floor", () => {
  expect([...new Set(imports.map(({ file }) => folderOf(file)))].filter((name) => floorOf(name) < 0)).toEqual(
    [],
  );
});

it("sees no import that runs upwards, across a floor, or out of the library", () => {
  const wrong = imports.filter(({ file, imported }) => {
    const [from, to] = [folderOf(file), folderOf(imported)];
    return from !== to && floorOf(to) >= floorOf(from) && floorOf(from) >= 0;
  });
  const outside = imports.filter(({ imported }) => floorOf(folderOf(imported)) < 0);
  expect([...wrong, ...outside].map(({ file, imported }) => `${file} -> ${imported}`)).toEqual([]);
});
