import { spawn, type ChildProcess } from "node:child_process";

import { runnerPath } from "./sdk.ts";

/** What the engine asks to run, without the protocol's clothes. */
export interface ProgramRun {
  readonly monitor: string;
  readonly engine: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** Where the program's relative paths start. */
  readonly pwd: string;
  /** Directory of Pulumi.yaml. */
  readonly rootDirectory: string;
  /** Directory of the program's package.json. */
  readonly programDirectory: string;
  /** What to run: `.` or a file, relative to the program's directory. */
  readonly entryPoint: string;
  readonly args: readonly string[];
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** `runtime.options` of Pulumi.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Outcome {
  /** What the engine shall tell the user. Empty when all went well, and when the program told the user itself. */
  readonly error: string;
  /** Stop without a further message. */
  readonly bail: boolean;
}

/** The exit code by which the SDK says that it reported the program's error to the user already. */
const errorWasReported = 32;

/** The command line of Node.js for a program, in the form that the SDK's runner reads. */
export function nodeArguments(run: ProgramRun, runner: string): string[] {
  const { nodeargs } = run.options;
  const own = typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [];
  const named: Readonly<Record<string, string>> = {
    monitor: run.monitor,
    engine: run.engine,
    organization: run.organization,
    project: run.project,
    "root-directory": run.rootDirectory,
    stack: run.stack,
    pwd: run.pwd,
    parallel: String(run.parallel),
  };
  return [
    ...own,
    runner,
    ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(run.dryRun ? ["--dry-run"] : []),
    run.entryPoint,
    ...run.args,
  ];
}

/** Configuration goes by the environment: command lines are for everyone to read. */
export function programEnvironment(run: ProgramRun): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(run.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    ...typescriptEnvironment(run),
  };
}

/** How the SDK's runner is told of the project's TypeScript. */
export function typescriptEnvironment({ options }: Pick<ProgramRun, "options">): Record<string, string> {
  const { typescript, tsconfig } = options;
  return {
    // As the SDK has it: TypeScript by ts-node unless the project says that it needs none.
    ...(typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
  };
}

/** What a program's end means. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
  if (code === 0) return { error: "", bail: false };
  if (code === errorWasReported) return { error: "", bail: true };
  return {
    error:
      signal === null
        ? `the program ended with exit code ${code ?? "unknown"}`
        : `the program was ended by ${signal}`,
    bail: false,
  };
}

/** Starts a program; what it prints goes where this process prints, which the engine reads. */
export function startProgram(run: ProgramRun): ChildProcess {
  return spawn(process.execPath, nodeArguments(run, runnerPath(run.programDirectory)), {
    cwd: run.pwd,
    env: { ...process.env, ...programEnvironment(run) },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

export function ended(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      resolve({ error: `the program cannot be started: ${error.message}`, bail: false });
    });
    child.on("close", (code, signal) => {
      resolve(outcomeOf(code, signal));
    });
  });
}
