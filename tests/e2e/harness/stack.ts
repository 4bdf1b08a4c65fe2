import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import {
  LocalWorkspace,
  type DestroyResult,
  type EngineEvent,
  type PreviewResult,
  type Stack,
  type UpResult,
} from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { parse, stringify } from "yaml";

import { merged, type Config } from "./config.ts";

/** The clone's top directory. */
export const ROOT = resolve(import.meta.dirname, "../../..");

const MAX_STATE = 64 * 1024 * 1024;

export interface StackOptions {
  /**
   * Directory of the program, below the clone: `examples/services`.
   * @default the clone itself
   */
  readonly program?: string;
  /**
   * Stack whose committed file is the start of this one's configuration: `dev`.
   * @default no file
   */
  readonly from?: string;
  /** Configuration that is laid over the file's: objects by key, anything else as a whole; `undefined` leaves a key out. */
  readonly config?: Config;
  /** Secret configuration by path: `registryAuth.password`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Variables of its runs, beside those of the test: `KUBECONFIG` of somebody else. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether `destroy` runs the program, for its hooks. @default false */
  readonly runProgram?: boolean;
}

/** What a run of slipway gave back. */
export interface SlipwayResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Project {
  readonly name: string;
  readonly main?: string;
}

/** A resource that a preview or an update wants to change. */
export interface Change {
  readonly op: string;
  /** Type and name: `kubernetes:apps/v1:Deployment api`. */
  readonly resource: string;
  /** Properties that differ, `spec.replicas`. */
  readonly properties: readonly string[];
}

/**
 * A stack of a program of this clone, run by the Automation API from a directory of its own: the clone's stack files and
 * the stacks of whoever works in it stay as they are.
 */
export class TestStack {
  readonly name: string;
  /** Name of its project. */
  readonly project: string;
  /** All that the engine has printed so far. */
  log = "";
  /** Directory of its project file, for commands that are to find it. */
  readonly directory: string;
  readonly #stack: Stack;
  readonly #env: Readonly<Record<string, string>>;
  readonly #runProgram: boolean;

  private constructor(
    project: string,
    name: string,
    directory: string,
    stack: Stack,
    { env = {}, runProgram = false }: Pick<StackOptions, "env" | "runProgram">,
  ) {
    this.project = project;
    this.name = name;
    this.directory = directory;
    this.#stack = stack;
    this.#env = env;
    this.#runProgram = runProgram;
  }

  /** Makes the stack, and destroys what a killed run may have left of it. Nothing is deployed yet. */
  static async prepare(name: string, options: StackOptions = {}): Promise<TestStack> {
    const program = join(ROOT, options.program ?? ".");
    const directory = await mkdtemp(join(tmpdir(), `slipway-${name}-`));
    const project = parse(await readFile(join(program, "Pulumi.yaml"), "utf8")) as Project;
    const { name: projectName, main = "." } = project;
    await writeFile(join(directory, "Pulumi.yaml"), stringify({ ...project, main: join(program, main) }));
    const file = options.from === undefined ? {} : await stackFile(program, options.from);
    const config = merged(file, qualified(projectName, options.config ?? {}));
    await writeFile(join(directory, `Pulumi.${name}.yaml`), stringify({ config }));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, workDir: directory },
      { envVars: options.env ?? {} },
    );
    const prepared = new TestStack(projectName, name, directory, stack, options);
    await prepared.#removeLeftovers();
    for (const [path, value] of Object.entries(options.secrets ?? {})) await prepared.setSecret(path, value);
    return prepared;
  }

  /** Sets secret configuration by path, for the next `up`: `registryAuth.password`. */
  setSecret(path: string, value: string): Promise<void> {
    return this.#stack.setConfig(path, { value, secret: true }, true);
  }

  /** `pulumi up`. */
  up(): Promise<UpResult> {
    return this.#stack.up({ onOutput: this.#record });
  }

  /** `pulumi preview`. */
  preview(): Promise<PreviewResult> {
    return this.#stack.preview({ diff: true, onOutput: this.#record });
  }

  /** What `pulumi preview` tells of mistakes: a line for each subject and for each mistake, as a terminal shows them. */
  async refusal(): Promise<readonly string[]> {
    let output = "";
    const refused = await this.#stack.preview({ onOutput: (text) => (output += text) }).then(
      () => false,
      () => true,
    );
    if (!refused) throw new Error(`stack ${this.name} was to be refused:\n${output}`);
    const [, told = ""] = /^Diagnostics:\n[^\n]*\n(.*?)\n\n/ms.exec(output) ?? [];
    return told.split("\n").map((line) => line.replace(/^ {4}/, ""));
  }

  /** What a preview would change; empty for an unchanged program. */
  async changes(): Promise<readonly Change[]> {
    const changes: Change[] = [];
    await this.#stack.preview({
      onOutput: this.#record,
      onEvent: (event) => changes.push(...changeOf(event)),
    });
    return changes;
  }

  /** Lays further configuration over what there is, for the next `up`. */
  async configure(config: Config): Promise<void> {
    const project = await this.#stack.workspace.projectSettings();
    const path = join(this.directory, `Pulumi.${this.name}.yaml`);
    const settings = parse(await readFile(path, "utf8")) as Config;
    const laid = merged(settings, { config: qualified(project.name, config) });
    await writeFile(path, stringify(laid));
  }

  /** {@link configure} and {@link up}. */
  async deploy(config: Config): Promise<UpResult> {
    await this.configure(config);
    return this.up();
  }

  /** Namespace of an example: its output `namespaceName`. */
  namespace(): Promise<string> {
    return this.output<string>("namespaceName");
  }

  /** An output's value, secret or not. */
  async output<T>(name: string): Promise<T> {
    const outputs = await this.#stack.outputs();
    if (!(name in outputs)) throw new Error(`stack ${this.name} has no output ${name}`);
    return outputs[name]?.value as T;
  }

  /** `pulumi stack export`, as it is stored: secrets encrypted. The Automation API's own export has them in plain. */
  async exported(): Promise<string> {
    return this.command("stack", "export");
  }

  /** Runs the pulumi command for the stack, as from a terminal. @returns what it prints */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("pulumi", [...args, "--stack", this.name], {
      cwd: this.directory,
      env: { ...process.env, ...this.#env },
      maxBuffer: MAX_STATE,
    });
    return stdout;
  }

  /** Runs a verb of slipway for the stack, as from a terminal; with the code it exits with. */
  async slipway(...args: readonly string[]): Promise<SlipwayResult> {
    const command = [join(ROOT, "cli", "main.ts"), ...args, "--stack", this.name, "--cwd", this.directory];
    const { exitCode, stdout, stderr } = await execa(process.execPath, command, {
      reject: false,
      stdin: "ignore",
      env: this.#env,
    });
    return { code: exitCode ?? -1, stdout, stderr };
  }

  /** The resources in the stack's state, secrets in plain. */
  async resources<T>(): Promise<readonly T[]> {
    const exported = await this.#stack.exportStack();
    return (exported.deployment as { resources?: T[] }).resources ?? [];
  }

  /**
   * `pulumi destroy`; the stack stays.
   * @param targets URNs of the resources that are meant, `**` for any part of one. Without, all are
   */
  destroy(...targets: string[]): Promise<DestroyResult> {
    return this.#stack.destroy({
      onOutput: this.#record,
      runProgram: this.#runProgram,
      ...(targets.length > 0 && { target: targets }),
    });
  }

  /** Destroys and forgets the stack, whatever state it is in. */
  async remove(): Promise<void> {
    await this.#stack.destroy({ onOutput: this.#record, runProgram: this.#runProgram, remove: true });
    await rm(this.directory, { recursive: true });
  }

  readonly #record = (text: string): void => {
    this.log += text;
  };

  async #removeLeftovers(): Promise<void> {
    // A killed run's lock stands in the way even of one that had made nothing yet.
    await this.#stack.cancel();
    if ((await this.resources()).length === 0) return;
    await this.command("state", "unprotect", "--all", "--yes");
    await this.#stack.destroy({ onOutput: this.#record, runProgram: this.#runProgram, refresh: true });
  }
}

async function stackFile(program: string, stack: string): Promise<Config> {
  const { config = {} } = parse(await readFile(join(program, `Pulumi.${stack}.yaml`), "utf8")) as {
    config?: Config;
  };
  return config;
}

const qualified = (project: string, config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );

/** What the SDK leaves untyped of an event before a resource's step. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: object | null;
}

function changeOf({ resourcePreEvent }: EngineEvent): Change[] {
  if (resourcePreEvent === undefined) return [];
  const { op, urn, type, detailedDiff } = resourcePreEvent.metadata as Step;
  const name = urn.split("::").at(-1) ?? "";
  // Default providers are the engine's own housekeeping, which it shows nobody.
  if (op === "same" || op === "read" || /^pulumi:providers:.*::default/.test(`${type}::${name}`)) return [];
  return [{ op, resource: `${type} ${name}`, properties: Object.keys(detailedDiff ?? {}) }];
}
