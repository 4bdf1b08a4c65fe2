/**
 * `pulumi-language-nodejs`: what the Pulumi CLI runs programs for Node.js by. Pulumi publishes its own with the CLI and not as a
 * Go module; this one serves the same protocol for what programs and policy packs need. It does not generate SDKs or convert programs.
 *
 * The engine starts it with its own address as the last argument, in the program's directory, and reads the port that it listens
 * on from the first line it prints.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import type {
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type {
  AboutRequest,
  AboutResponse,
  GetProgramDependenciesRequest,
  GetProgramDependenciesResponse,
  InstallDependenciesRequest,
  InstallDependenciesResponse,
  LanguageHandshakeRequest,
  LanguageHandshakeResponse,
  ProgramInfo,
  RunPluginRequest,
  RunPluginResponse,
  RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb.js";

import { programDependencies } from "./dependencies.ts";
import { runPlugin } from "./plugin.ts";
import { ended, startProgram, type ProgramRun } from "./program.ts";
import { loadSdk, type Sdk } from "./sdk.ts";

type Answer<T> = sendUnaryData<T>;

/** Optional in the protocol; this host has nothing to say to them. */
function nothing<T>(make: () => T) {
  return (_call: unknown, answer: Answer<T>): void => {
    answer(null, make());
  };
}

function serviceFor(sdk: Sdk, engineAtStart: string): UntypedServiceImplementation {
  const { language, plugin } = sdk;
  let engine = engineAtStart;
  return {
    handshake(
      call: ServerUnaryCall<LanguageHandshakeRequest, LanguageHandshakeResponse>,
      answer: Answer<LanguageHandshakeResponse>,
    ) {
      engine = call.request.getEngineAddress() || engine;
      answer(null, new language.LanguageHandshakeResponse());
    },

    getPluginInfo(_call: unknown, answer: Answer<InstanceType<typeof plugin.PluginInfo>>) {
      const info = new plugin.PluginInfo();
      info.setVersion(sdk.version);
      answer(null, info);
    },

    // Each provider is looked for when the program first uses it; nothing is gained by asking earlier.
    getRequiredPlugins: nothing(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: nothing(() => new language.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: nothing(() => new language.RuntimeOptionsResponse()),

    run(call: ServerUnaryCall<RunRequest, RunResponse>, answer: Answer<RunResponse>) {
      void runProgram(sdk, engine, call).then(
        (response) => {
          answer(null, response);
        },
        (error: unknown) => {
          const response = new language.RunResponse();
          response.setError(error instanceof Error ? error.message : String(error));
          answer(null, response);
        },
      );
    },

    runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>) {
      runPlugin(sdk, call);
    },

    about(_call: ServerUnaryCall<AboutRequest, AboutResponse>, answer: Answer<AboutResponse>) {
      const about = new language.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      answer(null, about);
    },

    getProgramDependencies(
      call: ServerUnaryCall<GetProgramDependenciesRequest, GetProgramDependenciesResponse>,
      answer: Answer<GetProgramDependenciesResponse>,
    ) {
      const found = programDependencies(programDirectory(call.request.getInfo()));
      const response = new language.GetProgramDependenciesResponse();
      response.setDependenciesList(
        found.map(({ name, version }) => {
          const dependency = new language.DependencyInfo();
          dependency.setName(name);
          dependency.setVersion(version);
          return dependency;
        }),
      );
      answer(null, response);
    },

    installDependencies(call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>) {
      installDependencies(sdk, call);
    },
  };
}

async function runProgram(
  { language }: Sdk,
  engine: string,
  call: ServerUnaryCall<RunRequest, RunResponse>,
): Promise<RunResponse> {
  const child = startProgram(programRun(call.request, engine));
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  // The engine no longer wants the answer: the user pressed Ctrl-C.
  call.on("cancelled", stop);
  process.on("exit", stop);
  try {
    const { error, bail } = await ended(child);
    const response = new language.RunResponse();
    response.setError(error);
    response.setBail(bail);
    return response;
  } finally {
    process.off("exit", stop);
  }
}

function programRun(request: RunRequest, engine: string): ProgramRun {
  const info = request.getInfo();
  return {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    rootDirectory: info?.getRootDirectory() ?? "",
    programDirectory: programDirectory(info),
    entryPoint: info?.getEntryPoint() ?? ".",
    args: request.getArgsList(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
    options: info?.getOptions()?.toJavaScript() ?? {},
  };
}

function programDirectory(info: ProgramInfo | undefined): string {
  return info?.getProgramDirectory() ?? process.cwd();
}

function installDependencies(
  { language, grpc }: Sdk,
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
  const directory = programDirectory(call.request.getInfo());
  const verb = existsSync(join(directory, "package-lock.json")) ? "ci" : "install";
  const npm = spawn("npm", [verb], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const forward = (set: "setStdout" | "setStderr") => (chunk: Buffer) => {
    const response = new language.InstallDependenciesResponse();
    response[set](chunk);
    call.write(response);
  };
  npm.stdout.on("data", forward("setStdout"));
  npm.stderr.on("data", forward("setStderr"));
  const fail = (details: string): void => {
    call.emit("error", { code: grpc.status.INTERNAL, details });
  };
  npm.on("error", (error) => {
    fail(`npm cannot be started: ${error.message}`);
  });
  npm.on("close", (code) => {
    if (code === 0) call.end();
    else fail(`npm ${verb} failed with exit code ${code ?? "unknown"}`);
  });
}

/** An engine that was killed cannot stop its host; without one the host has no purpose. */
function endWithEngine(): void {
  const engineProcess = process.ppid;
  setInterval(() => {
    if (process.ppid !== engineProcess) process.exit(0);
  }, 2000).unref();
}

function main(): void {
  const sdk = loadSdk(process.cwd());
  const server = new sdk.grpc.Server({
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
    "grpc.max_send_message_length": 400 * 1024 * 1024,
  });
  server.addService(sdk.service.LanguageRuntimeService, serviceFor(sdk, process.argv.at(-1) ?? ""));
  server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
  endWithEngine();
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
