import { spawn } from "node:child_process";

import type { ServerWritableStream } from "@grpc/grpc-js";
import type { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { typescriptEnvironment } from "./program.ts";
import { runnerPath, type Sdk } from "./sdk.ts";

/** What the engine asks to run beside the program, without the protocol's clothes. */
export interface PluginRun {
  /** `analyzer` for a policy pack, `resource` for a provider. */
  readonly kind: string;
  /** Directory of PulumiPolicy.yaml or PulumiPlugin.yaml. */
  readonly directory: string;
  /** For a policy pack the engine's address. */
  readonly args: readonly string[];
  /** `runtime.options` of that file. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The SDK's module that starts a plugin of a kind. */
export const runnerOf = (kind: string): string => (kind === "analyzer" ? "run-policy-pack" : "run-plugin");

/** The command line of Node.js for a plugin, in the form that the SDK's runner reads. */
export function pluginArguments({ kind, directory, args, options }: PluginRun, runner: string): string[] {
  const { nodeargs } = options;
  const own = typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [];
  // A policy pack is told the engine's address and nothing else, and looks for itself in its working directory.
  return kind === "analyzer"
    ? [...own, runner, ...args.slice(0, 1), "."]
    : [...own, runner, directory, ...args];
}

/** Runs a plugin, and hands on what it prints until it ends. */
export function runPlugin(
  { language, grpc }: Sdk,
  call: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
): void {
  const { request } = call;
  const info = request.getInfo();
  const run: PluginRun = {
    kind: request.getKind(),
    directory: info?.getProgramDirectory() ?? request.getProgram(),
    args: request.getArgsList(),
    options: info?.getOptions()?.toJavaScript() ?? {},
  };
  const answer = (set: (response: RunPluginResponse) => void): void => {
    const response = new language.RunPluginResponse();
    set(response);
    call.write(response);
  };
  const fail = (details: string): void => {
    call.emit("error", { code: grpc.status.INTERNAL, details });
  };
  let runner: string;
  try {
    runner = runnerPath(run.directory, runnerOf(run.kind));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    return;
  }
  const given = Object.fromEntries(
    request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2) as [string, string]),
  );
  const child = spawn(process.execPath, pluginArguments(run, runner), {
    cwd: run.kind === "analyzer" ? run.directory : request.getPwd(),
    env: { ...process.env, ...given, ...typescriptEnvironment(run) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  // The engine ends a plugin by no longer wanting to hear of it.
  call.on("cancelled", stop);
  process.on("exit", stop);
  child.stdout.on("data", (chunk: Buffer) => {
    answer((response) => {
      response.setStdout(chunk);
    });
  });
  child.stderr.on("data", (chunk: Buffer) => {
    answer((response) => {
      response.setStderr(chunk);
    });
  });
  child.on("error", (error) => {
    fail(`the plugin cannot be started: ${error.message}`);
  });
  child.on("close", (code) => {
    process.off("exit", stop);
    answer((response) => {
      response.setExitcode(code ?? 1);
    });
    call.end();
  });
}
