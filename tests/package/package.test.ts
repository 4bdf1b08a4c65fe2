import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;

/** What `npm pack` says of an archive. */
interface Archive {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let directory: string;
let archive: Archive;

/** Runs a program as in the shell of somebody whose Node.js this is. */
const run = (file: string, ...args: string[]) =>
  execa(file, args, {
    cwd: directory,
    env: { PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) },
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-package-"));
  const packed = await execa("npm", ["pack", "--json", `--pack-destination=${directory}`], { cwd: root });
  [archive] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("["))) as [Archive];
  await cp(join(import.meta.dirname, "project"), directory, { recursive: true });
  await writeFile(join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const types = ["typescript", "@types/node"].map(
    (name) => `${name}@${manifest.devDependencies[name] ?? ""}`,
  );
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  await run("npm", "install", ...quietly, `./${archive.filename}`, ...types);
});
afterAll(() => rm(directory, { recursive: true }));

describe("the package", () => {
  it("holds what is built, and nothing else", () => {
    const others = archive.files
      .map(({ path }) => path)
      .filter((path) => !/^dist\/.*\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
  });

  it("has types that a program compiles against", async () => {
    await run("npx", "tsc");
  });

  it("runs nothing when it is imported", async () => {
    const { stdout } = await run("node", "--eval", 'await import("slipway"); console.log("imported")');
    expect(stdout).toBe("imported");
  });

  it("has a preload for programs, which keeps out of them what the SDK would load", async () => {
    const told = `await import("slipway"); const { createRequire } = await import("node:module");
      const loaded = Object.values(createRequire("/").cache).filter(({ children }) => children.length > 0);
      console.log(loaded.some(({ id }) => id.endsWith("automation/stack.js")))`;
    const automation = async (...args: string[]) =>
      (await run("node", ...args, "--input-type=module", "--eval", told)).stdout;
    expect(await automation()).toBe("true");
    expect(await automation("--require", "slipway/preload")).toBe("false");
  });

  it("makes an app's objects", async () => {
    const { stdout } = await run("node", "index.ts");
    const { made, refusal } = JSON.parse(stdout) as { made: string[]; refusal: string };
    expect(made).toEqual(
      expect.arrayContaining([
        "slipway:platform:Platform platform",
        "kubernetes:apps/v1:Deployment web",
        "kubernetes:core/v1:Service web",
        "kubernetes:traefik.io/v1alpha1:IngressRoute web-route",
      ]),
    );
    expect(refusal).toContain('app bad:\n  path: "api" must begin with "/"');
  });

  it("brings the command line", async () => {
    const { stdout } = await run("npx", "slipway", "--help");
    expect(stdout).toMatch(/^Usage: slipway /);
  });
});
