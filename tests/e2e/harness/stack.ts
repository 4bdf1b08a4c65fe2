import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { execa } from "execa";
import { parse, stringify } from "yaml";

import { WITHOUT_CHECKPOINTS } from "../../../cli/state/checkpoints.ts";
import { type Change, changesIn } from "./changes.ts";
import { merged, qualified, stackFile, type Config } from "./config.ts";

/** The clone's top directory. */
export const ROOT = resolve(import.meta.dirname, "../../..");

export interface StackOptions {
  /**
   * Directory of the program, below the clone (`examples/services`) or absolute.
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

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input. @default none */
  readonly input?: string;
  /** Whether a failure is thrown. @default true */
  readonly reject?: boolean;
}

interface Project {
  readonly name: string;
  readonly main?: string;
}

/**
 * A stack of a program of this clone, run by the Pulumi CLI from a directory of its own: the clone's stack files and the stacks
 * of whoever works in it stay as they are. The Automation API asks for outputs, secrets and history after each run, which is
 * as much work for the processor as a preview.
 */
export class TestStack {
  readonly name: string;
  /** Name of its project. */
  readonly project: string;
  /** All that the engine has printed so far. */
  log = "";
  /** Directory of its project file, for commands that are to find it. */
  readonly directory: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #runProgram: boolean;
  /** Outputs by the flags that they were asked with. */
  readonly #known = new Map<string, Promise<Record<string, unknown>>>();

  private constructor(
    project: string,
    name: string,
    directory: string,
    { env = {}, runProgram = false }: Pick<StackOptions, "env" | "runProgram">,
  ) {
    this.project = project;
    this.name = name;
    this.directory = directory;
    this.#env = env;
    this.#runProgram = runProgram;
  }

  /** Makes the stack, and destroys what a killed run may have left of it. Nothing is deployed yet. */
  static async prepare(name: string, options: StackOptions = {}): Promise<TestStack> {
    const program = resolve(ROOT, options.program ?? ".");
    const directory = await mkdtemp(join(tmpdir(), `slipway-${name}-`));
    const projectName = await writeProject(program, directory);
    const file = options.from === undefined ? {} : await stackFile(program, options.from);
    const config = merged(file, qualified(projectName, options.config ?? {}));
    await writeFile(join(directory, `Pulumi.${name}.yaml`), stringify({ config }));
    const prepared = new TestStack(projectName, name, directory, options);
    await prepared.#init();
    for (const [path, value] of Object.entries(options.secrets ?? {})) await prepared.setSecret(path, value);
    return prepared;
  }

  /** Has the program of another directory, below the clone or absolute, go on with the stack. */
  async runBy(program: string): Promise<void> {
    await writeProject(resolve(ROOT, program), this.directory);
  }

  /** Sets secret configuration by path, for the next `up`: `registryAuth.password`. */
  async setSecret(path: string, value: string): Promise<void> {
    await this.#run(["config", "set", "--path", "--secret", path], { input: value });
  }

  /** `pulumi up`. */
  async up(): Promise<void> {
    await this.#recorded(["up", "--yes", "--skip-preview"]);
  }

  /** `pulumi preview`. @returns what it prints */
  preview(): Promise<string> {
    return this.#recorded(["preview", "--diff"]);
  }

  /** What `pulumi preview` tells of mistakes: a line for each subject and for each mistake, as a terminal shows them. */
  async refusal(): Promise<readonly string[]> {
    const { stdout, exitCode } = await this.#run(["preview"], { reject: false });
    if (exitCode === 0) throw new Error(`stack ${this.name} was to be refused:\n${stdout}`);
    const [, told = ""] = /^Diagnostics:\n[^\n]*\n(.*?)\n\n/ms.exec(stdout) ?? [];
    return told.split("\n").map((line) => line.replace(/^ {4}/, ""));
  }

  /** What a preview would change; empty for an unchanged program. */
  async changes(): Promise<readonly Change[]> {
    const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
    const { stdout } = await this.#run(["preview", "--json"], { env });
    return changesIn(stdout);
  }

  /** Lays further configuration over what there is, for the next `up`. */
  async configure(config: Config): Promise<void> {
    const path = join(this.directory, `Pulumi.${this.name}.yaml`);
    const settings = parse(await readFile(path, "utf8")) as Config;
    const laid = merged(settings, { config: qualified(this.project, config) });
    await writeFile(path, stringify(laid));
  }

  /** {@link configure} and {@link up}. */
  async deploy(config: Config): Promise<void> {
    await this.configure(config);
    await this.up();
  }

  /** Namespace of an example: its output `namespaceName`. */
  namespace(): Promise<string> {
    return this.output<string>("namespaceName");
  }

  /** An output's value, secret or not. */
  async output<T>(name: string): Promise<T> {
    const shown = await this.#outputs();
    if (!(name in shown)) throw new Error(`stack ${this.name} has no output ${name}`);
    const hidden = JSON.stringify(shown[name]).includes("[secret]");
    return (hidden ? await this.#outputs("--show-secrets") : shown)[name] as T;
  }

  /** All outputs by name; secrets are not shown. */
  outputs(): Promise<Record<string, unknown>> {
    return this.#outputs();
  }

  /** All outputs, asked once after each run: whoever waits for something asks for them again and again. */
  #outputs(...flags: string[]): Promise<Record<string, unknown>> {
    const key = flags.join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asked = this.command("stack", "output", "--json", ...flags).then(
      (text) => JSON.parse(text) as Record<string, unknown>,
    );
    this.#known.set(key, asked);
    asked.catch(() => this.#known.delete(key));
    return asked;
  }

  /** `pulumi stack export`, as it is stored: secrets encrypted. */
  exported(): Promise<string> {
    return this.command("stack", "export");
  }

  /** Runs the pulumi command for the stack, as from a terminal. @returns what it prints */
  async command(...args: readonly string[]): Promise<string> {
    return (await this.#run(args)).stdout;
  }

  /** Runs a verb of slipway for the stack, as from a terminal; with the code it exits with. */
  async slipway(...args: readonly string[]): Promise<SlipwayResult> {
    this.#known.clear();
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
    const { deployment } = JSON.parse(await this.command("stack", "export", "--show-secrets")) as {
      deployment: { resources?: T[] };
    };
    return deployment.resources ?? [];
  }

  /**
   * `pulumi destroy`; the stack stays.
   * @param targets URNs of the resources that are meant, `**` for any part of one. Without, all are
   */
  async destroy(...targets: string[]): Promise<void> {
    await this.#destroy(targets.flatMap((urn) => ["--target", urn]));
  }

  /** `pulumi destroy` as `make down` runs it. */
  async down(): Promise<void> {
    await this.#destroy([], WITHOUT_CHECKPOINTS);
  }

  /** Destroys and forgets the stack, whatever state it is in. */
  async remove(): Promise<void> {
    await this.#destroy(["--remove"], WITHOUT_CHECKPOINTS);
    await rm(this.directory, { recursive: true });
  }

  /** Makes the stack; where a killed run left it, empties it. */
  async #init(): Promise<void> {
    const { exitCode, stderr } = await this.#run(["stack", "init"], { reject: false });
    if (exitCode === 0) return;
    if (!/already exists|currently locked/.test(stderr)) throw new Error(stderr);
    // A killed run's lock stands in the way even of one that had made nothing yet.
    await this.command("cancel", "--yes");
    if ((await this.resources()).length === 0) return;
    await this.command("state", "unprotect", "--all", "--yes");
    await this.#destroy(["--refresh"]);
  }

  async #destroy(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const program = `--run-program=${String(this.#runProgram)}`;
    await this.#recorded(["destroy", "--yes", "--skip-preview", program, ...flags], env);
  }

  async #recorded(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const run = this.#run(args, { env });
    run.stdout.on("data", (text: unknown) => {
      this.log += String(text);
    });
    return (await run).stdout;
  }

  #run(args: readonly string[], { env = {}, input, reject = true }: RunOptions = {}) {
    const run = execa("pulumi", [...args, "--stack", this.name, "--non-interactive"], {
      cwd: this.directory,
      env: { ...this.#env, ...env },
      reject,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
    });
    const forget = (): void => {
      if (args[0] !== "stack") this.#known.clear();
    };
    forget();
    run.then(forget, forget);
    return run;
  }
}

/** Writes the project file of a program's stack that has a directory of its own. @returns the project's name */
async function writeProject(program: string, directory: string): Promise<string> {
  const project = parse(await readFile(join(program, "Pulumi.yaml"), "utf8")) as Project;
  const main = join(program, project.main ?? ".");
  await writeFile(join(directory, "Pulumi.yaml"), stringify({ ...project, main }));
  return project.name;
}
