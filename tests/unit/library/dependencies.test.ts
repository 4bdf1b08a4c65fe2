import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

it("the package depends on what its components and its command line import: all else is a devDependency", () => {
  const sources = ["components", "cli"].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join(root, directory, path), "utf8")),
  );
  const imported = sources
    .flatMap((text) => [...text.matchAll(/^(?:import|export) (?:[^;"]* from )?"([^".][^"]*)";$/gm)])
    .map(([, name = ""]) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    )
    .filter((name) => !name.startsWith("node:"));
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  expect(declared.sort()).toEqual([...new Set(imported)].sort());
});

it("the package is tested with the oldest versions that it asks its users for", () => {
  for (const [name, range] of Object.entries(manifest.peerDependencies)) {
    expect(`^${manifest.devDependencies[name] ?? ""}`).toBe(range);
  }
});
