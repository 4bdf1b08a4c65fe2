import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { debianPackages, otherPrograms, type DebianPackages } from "../../../lab/base/programs.ts";
import { parts } from "../../../lab/toolchain/parts.ts";
import { shellPrograms } from "./shell.ts";
import { typescriptCalls } from "./typescript.ts";

const root = resolve(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");

/** Kubernetes is one program of many names. */
const kubernetes = ["etcd", "kube-apiserver", "kube-controller-manager", "kubeadm", "kubectl", "kubelet"];

const declared = new Set<string>([
  ...Object.values<DebianPackages>(debianPackages).flatMap((packages) =>
    Object.values(packages).flatMap(({ programs = [] }) => programs),
  ),
  ...Object.values(otherPrograms).flat(),
  ...parts.map(({ name }) => name),
  ...kubernetes,
]);

/** Programs that a source finds by itself, by where and how it says them. */
const found: Readonly<Record<string, string>> = {
  "lab/cluster/control-plane-images.ts coredns": "coredns",
  'lab/cluster/control-plane.ts program("kubectl")': "kubectl",
  'lab/cluster/addons/helm.ts program("helm")': "helm",
  // The user's docker or podman.
  "lab/images/engines.ts name": "docker",
  // That of the virtual environment.
  "lab/test/pytest.ts python": "python3",
  // Versions of pulumi, helm and kubectl that are on PATH.
  "lab/toolchain/installed.ts file": "pulumi",
  // It and slipway, which is Node.js.
  "tests/e2e/cli/backend.ts file": "pulumi",
  "tests/e2e/harness/control-plane.ts this.#binary": "kubernetes",
  "tests/e2e/accepted/traefik.ts binary": "traefik",
  // The lab's own script.
  'tests/e2e/load-balancer.test.ts join(ROOT, "lab/run")': "sh",
  // lab/test/ builds it by Go from Kubernetes' own code.
  'tests/policy/pod-security.test.ts ORACLE ?? ""': "go",
  // A copy of Node.js, to see that a program that runs is not removed.
  "tests/unit/lab/toolchain-prune.test.ts program": "node",
};

/** No programs that have to be there. */
const exceptions = new Set([
  // Debian's packages ask it whether they may start services; the lab writes it.
  "lab/base/packages.ts policy-rc.d",
  "tests/unit/lab/run.test.ts no-such-command",
]);

describe("every program that is called comes from somewhere", () => {
  it("in TypeScript", () => {
    const sources = tracked.filter((path) => /\.[jt]s$/.test(path) && path !== "lab/base/programs.ts");
    const calls = typescriptCalls(root, sources);
    const told = calls.flatMap(({ at, program, expression }) => {
      const file = at.replace(/:\d+$/, "");
      const name = program ?? found[`${file} ${expression}`];
      if (name === undefined) return [`${at} calls ${expression}: say in this test which program that is`];
      return declared.has(name) || exceptions.has(`${file} ${name}`) ? [] : [undeclared(at, name)];
    });
    expect(told).toEqual([]);
    expect(calls.length).toBeGreaterThan(50);
  }, 60_000);

  it("in shell scripts", () => {
    // Those of apps/ run in the images.
    const scripts = tracked.filter(
      (path) => !/^apps\/|\.[jt]s$/.test(path) && /^#!.*\b(sh|bash)\n/.test(read(path)),
    );
    expect(scripts).toEqual(expect.arrayContaining([".ci/run", "lab/run"]));
    expect(scripts.flatMap((path) => unknown(path, shellPrograms(read(path))))).toEqual([]);
  });

  it("in the Makefile", () => {
    const recipes = [...read("Makefile").matchAll(/^\t@?(.*)$/gm)].map(([, line = ""]) => line);
    const script = recipes.join("\n").replace(/\$\((\w+)\)/g, "$$$1");
    expect(unknown("Makefile", shellPrograms(script))).toEqual([]);
  });

  it("in package.json", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { bin?: Record<string, string> }>;
    };
    const tools = new Set(Object.values(packages).flatMap(({ bin = {} }) => Object.keys(bin)));
    const called = shellPrograms(Object.values(scripts).join("\n"));
    expect(
      unknown(
        "package.json",
        called.filter((name) => !tools.has(name)),
      ),
    ).toEqual([]);
  });

  it("in Python", () => {
    const calls = tracked
      .filter((path) => path.endsWith(".py"))
      .flatMap((path) => [
        ...read(path).matchAll(/\b(?:os\.(?:system|exec\w+|popen)|subprocess\.\w+)\(\s*\[?\s*([^\s,\])]+)/g),
      ]);
    expect(new Set(calls.map(([, program]) => program))).toEqual(new Set(["sys.executable"]));
  });
});

const undeclared = (at: string, program: string): string =>
  `${at} calls ${program}, which nothing declares: see lab/base/programs.ts`;

const unknown = (at: string, programs: readonly string[]): string[] =>
  programs
    .filter((program) => !declared.has(program) && !tracked.includes(program))
    .map((program) => undeclared(at, program));

it("every group of Debian packages is installed by something", () => {
  const lab = tracked.filter((path) => path.startsWith("lab/") && path.endsWith(".ts")).map(read);
  const installed = lab.flatMap((text) => text.match(/ensurePackages\([^;]*;/g) ?? []).join("\n");
  for (const group of Object.keys(debianPackages)) expect(installed).toContain(`debianPackages.${group}`);
});

it("the prerequisites are what the documentation asks for", () => {
  const [, asked = ""] = /## What it needs\n(.*?)\n## /s.exec(read("docs/lab.md")) ?? [];
  const names: Readonly<Record<string, string>> = {
    go: "Go (",
    npx: "npm",
    node: "Node.js 2",
    git: "`git`",
    make: "`make`",
  };
  for (const program of otherPrograms.prerequisites) expect(asked).toContain(names[program] ?? program);
});

describe("calls are found", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "slipway-programs-"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** The programs that sources by their names call. */
  const calls = (sources: Readonly<Record<string, string>>): (string | undefined)[] => {
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(directory, name), text);
    return typescriptCalls(directory, Object.keys(sources)).map(({ program }) => program);
  };

  it.each([
    ['import { spawn } from "node:child_process"; spawn("alpha", []);', ["alpha"]],
    ['import { execFile as call } from "node:child_process"; promisify(call)("alpha");', ["alpha"]],
    ['import { execa } from "execa"; const name = "alpha"; await execa(name);', ["alpha"]],
    ['import { spawn } from "node:child_process"; spawn(join(directory, "alpha"));', [undefined]],
    [
      'import { spawn } from "node:child_process"; spawn("sh", ["-ec", "a=$(alpha | beta); cd /; gamma"]);',
      ["sh", "alpha", "beta", "gamma"],
    ],
    [
      'import { spawn } from "node:child_process"; spawn("nice", ["-n5", ...more, "unshare", "--net", "alpha", "b"]);',
      ["nice", "unshare", "alpha"],
    ],
    ['launch({ executablePath: "/usr/bin/alpha" });', ["alpha"]],
    ['const daemon = { commandLine: ["alpha", "--config"] };', ["alpha"]],
    ['import { run } from "./elsewhere.ts"; run("no program");', []],
  ])("%s", (source, programs) => {
    expect(calls({ "a.ts": source })).toEqual(programs);
  });

  it("through functions and methods that pass a program on, also from other files", () => {
    const run =
      'import { spawn } from "node:child_process"; export function run(log, command) { spawn(command); }';
    const barrel = 'export { run as start } from "./run.ts";';
    const use =
      'import { start } from "./index.ts"; class A { #go(name) { start(1, name); } x() { this.#go("alpha"); } }';
    expect(calls({ "run.ts": run, "index.ts": barrel, "use.ts": use })).toEqual(["alpha"]);
  });

  it("in shell scripts", () => {
    const script =
      'f() { alpha "$(beta)"; }\nif ! gamma; then f; fi\nexec nice -n5 delta <<E\nnot\nE\n"$node" x';
    expect(new Set(shellPrograms(script))).toEqual(new Set(["alpha", "beta", "gamma", "nice", "delta"]));
  });
});
