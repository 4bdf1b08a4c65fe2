import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { TRAEFIK_VERSION } from "../../../components/traefik/chart.ts";
import { projectDir } from "../../../lab/base/paths.ts";
import { Arrivals } from "../../../lab/toolchain/arrivals.ts";
import { compareVersions, findInstalled, isGood } from "../../../lab/toolchain/installed.ts";
import { addonModules, type GoModule, mainModule, sourceOf } from "../../../lab/toolchain/modules.ts";
import { moduleOf, parts } from "../../../lab/toolchain/parts.ts";
import { placeProgram } from "../../../lab/toolchain/place.ts";
import { canServe } from "../../../lab/toolchain/plugins.ts";
import { applyEdits } from "../../../lab/toolchain/trims.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-toolchain-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const modules = [mainModule, ...Object.values(addonModules)];
const goModOf = (module: GoModule): string => readFileSync(join(sourceOf(module), "go.mod"), "utf8");

describe("the parts", () => {
  it("that a module of its own builds are for addons: their requirements are nobody else's", () => {
    const own = parts.filter((part) => moduleOf(part) !== mainModule);
    expect(new Set(own.map(moduleOf))).toEqual(new Set(Object.values(addonModules)));
    expect(own.map(({ when }) => when)).toEqual(own.map(() => "addon"));
  });

  it("are built from packages that their Go module names", () => {
    for (const part of parts) {
      if (part.package.startsWith("./")) {
        expect(statSync(join(sourceOf(moduleOf(part)), part.package)).isDirectory()).toBe(true);
      } else {
        expect(goModOf(moduleOf(part)).split(/\n+(?:tool |\t|\))?/)).toContain(part.package);
      }
      // A major version is no name.
      expect(
        part.package
          .replace(/\/v\d+$/, "")
          .split("/")
          .at(-1),
      ).toBe(part.name);
    }
  });

  it("have what the cluster needs first", () => {
    const order = parts.map(({ when }) => ["cluster", "always", "addon"].indexOf(when));
    expect(order).toEqual(order.toSorted());
  });
});

it("Traefik is of one version: the library's, go.mod's and the lab's chart's", () => {
  expect(goModOf(mainModule)).toContain(`\tgithub.com/traefik/traefik/v3 ${TRAEFIK_VERSION}\n`);
  const chart = parse(readFileSync(join(projectDir, "lab/chart/traefik/Chart.yaml"), "utf8")) as object;
  expect(chart).toMatchObject({ appVersion: TRAEFIK_VERSION });
});

describe("the trimmed copies", () => {
  it.each(modules.flatMap((owner) => owner.trims.map((trim) => ({ ...trim, owner }))))(
    "$name is of the version, and at the place, that go.mod has",
    ({ module, version, name, owner }) => {
      const goMod = goModOf(owner);
      // A replacement that is alone has no list.
      expect(goMod.split(/\n(?:\t|replace )/).join("\n")).toContain(`\n${module} => ./trimmed/${name}\n`);
      expect(goMod).toMatch(
        new RegExp(`\\t${module.replaceAll(".", "\\.")} ${version.replaceAll(".", "\\.")}(\\n| )`),
      );
    },
  );

  it("stop at an edit that finds nothing, instead of building something else", () => {
    const edits = [
      { file: "a.go", find: "one", replace: "$&1" },
      { file: "a.go", find: /tw./, replace: "2" },
    ];
    expect(applyEdits("one two", edits, "m/a.go")).toBe("$&1 2");
    expect(() => applyEdits("one", edits, "m/a.go")).toThrow("m/a.go: does not contain /tw./");
  });
});

describe("tools that are there already", () => {
  it.each([
    ["v3.259.0", true],
    ["v3.260.1-alpha.x", true],
    ["v3.258.9", false],
    ["v4.0.0", false],
    ["", false],
  ])("pulumi that says %o will do: %o", (output, good) => {
    expect(isGood(output, { atLeast: "3.259.0", below: "4.0.0" })).toBe(good);
  });

  it("reads the version out of JSON", () => {
    const output = '{"clientVersion": {"gitVersion": "v1.35.2"}}';
    expect(isGood(output, { atLeast: "1.35.0", below: "1.38.0" })).toBe(true);
  });

  it("compares versions as numbers", () => {
    expect(["3.10.0", "3.9.1", "3.10"].toSorted(compareVersions)).toEqual(["3.9.1", "3.10.0", "3.10"]);
  });

  it("takes the first on PATH, and none that is too old, broken, or relative", async () => {
    const tool = { command: "tool", args: ["version"], atLeast: "2.0.0" };
    const install = (name: string, script: string): string => {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, "tool"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(directory, name, "tool"), 0o755);
      return join(directory, name);
    };
    const old = install("old", "echo v1.9.9");
    const good = install("good", "echo v2.0.0");
    const broken = install("broken", "exit 1");
    expect(await findInstalled(tool, `${directory}/none:${good}:${old}`)).toBe(join(good, "tool"));
    expect(await findInstalled(tool, `${old}:${good}`)).toBeUndefined();
    expect(await findInstalled(tool, broken)).toBeUndefined();
    expect(await findInstalled(tool, "")).toBeUndefined();
  });

  it.each([
    ["resource-tls-v5.6.1", true],
    ["resource-tls-v5.10.0", true],
    ["resource-tls-v5.6.0", false],
    ["resource-tls-v6.0.0", false],
    ["resource-tls-v5.6.1.lock", false],
    ["resource-random-v5.6.1", false],
  ])("%s serves the SDK 5.6.1: %o", (name, good) => {
    expect(canServe(name, "tls", "5.6.1")).toBe(good);
  });
});

describe("placing", () => {
  it("makes a second name of the same file, and follows when the first is another", async () => {
    const from = join(directory, "from");
    const to = join(directory, "a", "to");
    writeFileSync(from, "1");
    await placeProgram(from, to);
    expect(statSync(to).ino).toBe(statSync(from).ino);
    rmSync(from);
    writeFileSync(from, "2");
    await placeProgram(from, to);
    expect(readFileSync(to, "utf8")).toBe("2");
  });
});

describe("arrivals", () => {
  it("wake who waits for that one", async () => {
    const arrivals = new Arrivals(["a", "b"]);
    let there = false;
    const waiting = arrivals.waitFor("b").then(() => {
      there = true;
    });
    arrivals.arrived("a");
    await arrivals.waitFor("a");
    expect(there).toBe(false);
    arrivals.arrived("b");
    await waiting;
    expect(there).toBe(true);
  });

  it("fail for what has not come, before and after", async () => {
    const arrivals = new Arrivals(["a", "b"]);
    arrivals.arrived("a");
    const waiting = arrivals.waitFor("b");
    arrivals.failed(new Error("no compiler"));
    await expect(waiting).rejects.toThrow("no compiler");
    await expect(arrivals.waitFor("b")).rejects.toThrow("no compiler");
    await expect(arrivals.waitFor("a")).resolves.toBeUndefined();
  });

  it("do not hold up who waits for what is not built", async () => {
    await expect(new Arrivals([]).waitFor("helm")).resolves.toBeUndefined();
  });
});
