import { describe, expect, it } from "vitest";

import { projectDir } from "../../../lab/base/paths.ts";
import { programDependencies } from "../../../lab/toolchain/language-host/dependencies.ts";
import { pluginArguments, runnerOf } from "../../../lab/toolchain/language-host/plugin.ts";
import {
  nodeArguments,
  outcomeOf,
  programEnvironment,
  type ProgramRun,
} from "../../../lab/toolchain/language-host/program.ts";
import { loadSdk, runnerPath } from "../../../lab/toolchain/language-host/sdk.ts";

const run: ProgramRun = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "p",
  stack: "s",
  pwd: "/p/main",
  rootDirectory: "/p",
  programDirectory: "/p/main",
  entryPoint: "index.ts",
  args: ["x"],
  dryRun: false,
  parallel: 8,
  config: { "p:password": "secret" },
  secretKeys: ["p:password"],
  options: { typescript: false },
};

describe("the language host", () => {
  it("gives the SDK's runner all that it asks for, the program last", () => {
    expect(nodeArguments(run, "/sdk/run").join(" ")).toBe(
      "/sdk/run --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization --project p " +
        "--root-directory /p --stack s --pwd /p/main --parallel 8 index.ts x",
    );
  });

  it("says that it is a preview, and leaves out what is not known", () => {
    const args = nodeArguments({ ...run, dryRun: true, organization: "" }, "/sdk/run");
    expect(args).toContain("--dry-run");
    expect(args).not.toContain("--organization");
  });

  it("starts Node.js with the project's options", () => {
    const options = { nodeargs: " --import  tsx " };
    expect(nodeArguments({ ...run, options }, "/sdk/run").slice(0, 3)).toEqual([
      "--import",
      "tsx",
      "/sdk/run",
    ]);
  });

  it("keeps configuration out of the command line", () => {
    expect(nodeArguments(run, "/sdk/run").join(" ")).not.toContain("secret");
    expect(programEnvironment(run)).toEqual({
      PULUMI_CONFIG: '{"p:password":"secret"}',
      PULUMI_CONFIG_SECRET_KEYS: '["p:password"]',
    });
  });

  it("leaves TypeScript to the SDK unless the project says not to", () => {
    const options = { tsconfig: "t.json" };
    expect(programEnvironment({ ...run, options })).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "t.json",
    });
  });

  it("starts a policy pack where it lies, and tells it the engine's address alone", () => {
    const pack = {
      kind: "analyzer",
      directory: "/p/policy",
      args: ["127.0.0.1:2", "-v=9"],
      options: { nodeargs: "--trace-warnings" },
    };
    expect(pluginArguments(pack, "/sdk/run-policy-pack")).toEqual([
      "--trace-warnings",
      "/sdk/run-policy-pack",
      "127.0.0.1:2",
      ".",
    ]);
    expect(runnerPath(projectDir, runnerOf(pack.kind))).toMatch(/cmd\/run-policy-pack\/index\.js$/);
  });

  it("starts a provider with all that the engine says", () => {
    const provider = { kind: "resource", directory: "/p/provider", args: ["127.0.0.1:2"], options: {} };
    expect(pluginArguments(provider, "/sdk/run-plugin")).toEqual([
      "/sdk/run-plugin",
      "/p/provider",
      "127.0.0.1:2",
    ]);
    expect(runnerPath(projectDir, runnerOf(provider.kind))).toMatch(/cmd\/run-plugin\/index\.js$/);
  });

  it("adds no second message to an error that the program reported", () => {
    expect(outcomeOf(32, null)).toEqual({ error: "", bail: true });
    expect(outcomeOf(0, null)).toEqual({ error: "", bail: false });
    expect(outcomeOf(7, null)).toEqual({ error: "the program ended with exit code 7", bail: false });
    expect(outcomeOf(null, "SIGKILL")).toEqual({ error: "the program was ended by SIGKILL", bail: false });
  });

  it("speaks the protocol of the SDK that the program has", () => {
    const sdk = loadSdk(projectDir);
    expect(sdk.service.LanguageRuntimeService).toHaveProperty("run");
    expect(sdk.service.LanguageRuntimeService).toHaveProperty("runPlugin");
    expect(runnerPath(projectDir)).toMatch(/@pulumi\/pulumi\/cmd\/run\/index\.js$/);
  });

  it("says what to do where the SDK is missing", () => {
    expect(() => loadSdk("/")).toThrow("@pulumi/pulumi is not installed for the program in /: run npm ci");
  });

  it("lists what is installed", () => {
    expect(programDependencies(projectDir)).toContainEqual({
      name: "zod",
      version: expect.stringMatching(/^4\./) as string,
    });
  });
});
