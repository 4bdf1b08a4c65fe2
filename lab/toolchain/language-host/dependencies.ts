import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Dependency {
  readonly name: string;
  readonly version: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What a program's package.json names, in the versions that are installed, for `pulumi about`. */
export function programDependencies(directory: string): Dependency[] {
  const { dependencies, devDependencies } = readManifest(join(directory, "package.json"));
  return Object.entries({ ...dependencies, ...devDependencies }).map(([name, range]) => ({
    name,
    version: installedVersion(directory, name) ?? range,
  }));
}

function installedVersion(directory: string, name: string): string | undefined {
  const places = createRequire(join(directory, "package.json")).resolve.paths(name) ?? [];
  for (const place of places) {
    try {
      return readManifest(join(place, name, "package.json")).version;
    } catch {
      // Not in this node_modules; perhaps in one further up.
    }
  }
  return undefined;
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}
