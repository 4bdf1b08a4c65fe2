import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Server, type ServiceError } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { projectDir } from "../../../lab/base/paths.ts";
import { answer, type Host, isBuilt, listen, startHost, stop } from "./language-host.ts";

/** Stands for the SDK's runners: tells what it was started with, and ends as it is told. */
const runner = `
const { argv, execArgv, env, pid } = process;
const own = Object.fromEntries(Object.entries(env).filter(([name]) => /^(PULUMI_CONFIG|PULUMI_NODEJS_|GIVEN)/.test(name)));
require("fs").writeFileSync("started.json", JSON.stringify({ args: argv.slice(2), execArgv, env: own, pid }));
console.log("printed");
const [how, value] = argv.at(-1).split("=");
if (how === "code") process.exit(Number(value));
if (how === "signal") process.kill(pid, value);
if (how === "stay") setInterval(() => {}, 1000);
`;

interface Started {
  readonly args: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
}

type Options = Record<string, JavaScriptValue>;

const directory = mkdtempSync(join(tmpdir(), "language-host-"));
const engine = new Server();
let engineAddress: string;
let host: Host;

function started(): Started {
  return JSON.parse(readFileSync(join(directory, "started.json"), "utf8")) as Started;
}

function info(options: Options = { typescript: false }, programDirectory = directory): language.ProgramInfo {
  const info = new language.ProgramInfo();
  info.setRootDirectory("/p");
  info.setProgramDirectory(programDirectory);
  info.setEntryPoint("index.ts");
  info.setOptions(Struct.fromJavaScript(options));
  return info;
}

function runRequest(end: string, of = info()): language.RunRequest {
  const request = new language.RunRequest();
  request.setMonitorAddress("127.0.0.1:1");
  request.setOrganization("organization");
  request.setProject("p");
  request.setStack("s");
  request.setPwd(directory);
  request.setParallel(8);
  request.setInfo(of);
  request.setArgsList([end]);
  request.getConfigMap().set("p:password", "secret");
  request.setConfigsecretkeysList(["p:password"]);
  return request;
}

const run = async (request: language.RunRequest): Promise<language.RunResponse.AsObject> =>
  (await answer<language.RunResponse>((done) => host.client.run(request, done))).toObject();

async function runPlugin(kind: string, args: readonly string[], options: Options = {}): Promise<unknown[]> {
  const request = new language.RunPluginRequest();
  request.setKind(kind);
  request.setPwd(directory);
  request.setInfo(info(options));
  request.setArgsList([...args]);
  request.setEnvList(["GIVEN=a=b"]);
  const answers: unknown[] = [];
  for await (const part of host.client.runPlugin(request)) {
    const response = part as language.RunPluginResponse;
    answers.push(
      response.hasExitcode() ? response.getExitcode() : Buffer.from(response.getStdout_asU8()).toString(),
    );
  }
  return answers;
}

const runs = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe.skipIf(!isBuilt)("the language host (not built where Pulumi is installed)", () => {
  beforeAll(async () => {
    for (const name of ["run", "run-plugin", "run-policy-pack"]) {
      const module = join(directory, "node_modules/@pulumi/pulumi/cmd", name);
      mkdirSync(module, { recursive: true });
      writeFileSync(join(module, "index.js"), runner);
    }
    engineAddress = `127.0.0.1:${await listen(engine)}`;
    host = await startHost(engineAddress);
  });

  afterAll(() => {
    stop(host);
    engine.forceShutdown();
    rmSync(directory, { recursive: true });
  });

  it("gives the SDK's runner all that it asks for, the program last, and configuration by the environment", async () => {
    expect(await run(runRequest("x"))).toEqual({ error: "", bail: false });
    expect(started().args.join(" ")).toBe(
      `--monitor 127.0.0.1:1 --engine ${engineAddress} --organization organization --project p ` +
        `--root-directory /p --stack s --pwd ${directory} --parallel 8 index.ts x`,
    );
    expect(started().env).toEqual({
      PULUMI_CONFIG: '{"p:password":"secret"}',
      PULUMI_CONFIG_SECRET_KEYS: '["p:password"]',
    });
  });

  it("says that it is a preview, and leaves out what is not known", async () => {
    const request = runRequest("x");
    request.setDryrun(true);
    request.setOrganization("");
    await run(request);
    expect(started().args.join(" ")).toMatch(
      /^--monitor \S+ --engine \S+ --project .* --parallel 8 --dry-run index\.ts x$/,
    );
  });

  it("starts Node.js with the project's options, and leaves TypeScript to the SDK unless they say not to", async () => {
    await run(
      runRequest("x", info({ nodeargs: " --no-warnings  --title='a program' ", tsconfig: "t.json" })),
    );
    expect(started().execArgv).toEqual(["--no-warnings", "--title=a program"]);
    expect(started().env).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "t.json",
    });
  });

  it.each([
    ["code=0", { error: "", bail: false }],
    // The SDK told the user of the error already.
    ["code=32", { error: "", bail: true }],
    ["code=7", { error: "the program ended with exit code 7", bail: false }],
    ["signal=SIGKILL", { error: "the program was ended by a signal: killed", bail: false }],
  ])("tells the engine how a program ended: %s", async (end, outcome) => {
    expect(await run(runRequest(end))).toEqual(outcome);
  });

  it("says what to do where the SDK is missing", async () => {
    expect(await run(runRequest("x", info({}, "/")))).toEqual({
      error: "@pulumi/pulumi is not installed for the program in /: run npm ci there first",
      bail: false,
    });
  });

  it("starts a policy pack where it lies, and tells it the engine's address alone", async () => {
    expect(await runPlugin("analyzer", ["127.0.0.1:2", "-v=9"], { nodeargs: "--no-warnings" })).toEqual([
      "printed\n",
      0,
    ]);
    expect(started()).toMatchObject({
      args: ["127.0.0.1:2", "."],
      execArgv: ["--no-warnings"],
      env: { GIVEN: "a=b", PULUMI_NODEJS_TYPESCRIPT: "true" },
    });
  });

  it("starts a provider with all that the engine says, and tells its exit code", async () => {
    expect(await runPlugin("resource", ["127.0.0.1:2", "code=3"])).toEqual(["printed\n", 3]);
    expect(started().args).toEqual([directory, "127.0.0.1:2", "code=3"]);
  });

  it("lists what is installed", async () => {
    const request = new language.GetProgramDependenciesRequest();
    request.setInfo(info({}, projectDir));
    const response = await answer<language.GetProgramDependenciesResponse>((done) =>
      host.client.getProgramDependencies(request, done),
    );
    expect(response.toObject().dependenciesList).toContainEqual({
      name: "zod",
      version: expect.stringMatching(/^4\./) as string,
    });
  });

  it("ends a program whose answer the engine no longer wants", async () => {
    rmSync(join(directory, "started.json"));
    const ended = new Promise<ServiceError | null>((resolve) => {
      const call = host.client.run(runRequest("stay"), resolve);
      void vi.waitFor(started, 10_000).then(() => {
        call.cancel();
      });
    });
    expect(await ended).toMatchObject({ details: "Cancelled on client" });
    await vi.waitUntil(() => !runs(started().pid), 10_000);
  });

  it("takes its program along when it is killed", async () => {
    rmSync(join(directory, "started.json"));
    const other = await startHost(engineAddress);
    const ended = new Promise((resolve) => other.client.run(runRequest("stay"), resolve));
    const { pid } = await vi.waitFor(started, 10_000);
    stop(other);
    await ended;
    await vi.waitUntil(() => !runs(pid), 10_000);
  });

  it("ends when its engine is gone", async () => {
    const shortEngine = new Server();
    const other = await startHost(`127.0.0.1:${await listen(shortEngine)}`);
    const ended = once(other.process, "exit");
    shortEngine.forceShutdown();
    expect(await ended).toEqual([0, null]);
    other.client.close();
  });
});
