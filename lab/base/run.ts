import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { Interrupted, LabError } from "./errors.ts";
import { isInterrupted, trackGroup } from "./interrupt.ts";
import { logFile } from "./paths.ts";

export interface RunOptions {
  /** Name of the log (without `.log`) or absolute path of the file that gets the command's output. */
  readonly log: string;
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Text for standard input. @default none: the command reads end of file */
  readonly input?: string;
  /** Also show the output to the user as it comes; all of it, or the lines that this says. @default false */
  readonly show?: boolean | ((line: string) => boolean);
  /** Called with each line of the output, for progress. */
  readonly onLine?: (line: string) => void;
  /** What to do when the command fails. @default points to the log */
  readonly advice?: string;
  /** What a failure means that the command tells of in its own words, and what to do. @default nothing is known of it */
  readonly explain?: (output: string) => { readonly message: string; readonly advice: string } | undefined;
  /** Time limit in milliseconds. @default none */
  readonly timeout?: number;
}

export type CaptureOptions = Omit<RunOptions, "log" | "show" | "onLine">;

/**
 * Runs a command, its output appended to a log file.
 *
 * @throws LabError with the end of the output and advice, when it fails.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const file = options.log.startsWith("/") ? options.log : logFile(options.log);
  mkdirSync(dirname(file), { recursive: true });
  const log = openSync(file, "a");
  try {
    writeSync(log, `$ ${[command, ...args].join(" ")}\n`);
    const start = fstatSync(log).size;
    const { show = false, onLine } = options;
    const output = show !== false || onLine ? "pipe" : log;
    const child = startChild(command, args, options, output, output);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        writeSync(log, chunk);
        if (show === true) process.stderr.write(chunk);
      });
      if (!stream || (!onLine && typeof show === "boolean")) continue;
      createInterface({ input: stream }).on("line", (line) => {
        onLine?.(line);
        if (typeof show === "function" && show(line)) process.stderr.write(`${line}\n`);
      });
    }
    const reason = await failureOf(child, options.timeout);
    if (reason !== undefined) {
      const output = readFileSync(file).subarray(start).toString("utf8");
      // What was shown need not be said again.
      const end = show === false ? lastLines(output) : "";
      throw failureError(
        `${nameOf(command, args)} ${reason}`,
        output,
        end,
        options,
        `The whole log: ${file}`,
      );
    }
  } finally {
    closeSync(log);
  }
}

/** Runs a command and returns its standard output without the final newline. */
export async function capture(
  command: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<string> {
  const child = startChild(command, args, options, "pipe", "pipe");
  const [stdout, stderr, reason] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    failureOf(child, options.timeout),
  ]);
  if (reason !== undefined) {
    const byHand = `Run it by hand to see more: ${[command, ...args].join(" ")}`;
    throw failureError(`${nameOf(command, args)} ${reason}`, stderr, lastLines(stderr), options, byHand);
  }
  return stdout.replace(/\n$/, "");
}

function failureError(
  what: string,
  output: string,
  end: string,
  { advice, explain }: CaptureOptions,
  otherwise: string,
): LabError {
  const known = explain?.(output);
  const message = known === undefined ? what : `${what}: ${known.message}`;
  return new LabError(`${message}${quoted(end)}`, known?.advice ?? advice ?? otherwise);
}

function startChild(
  command: string,
  args: readonly string[],
  options: CaptureOptions,
  stdout: "pipe" | number,
  stderr: "pipe" | number,
): ChildProcess {
  if (isInterrupted()) throw new Interrupted();
  const stdio: StdioOptions = [options.input === undefined ? "ignore" : "pipe", stdout, stderr];
  const child = spawn(command, args, {
    stdio,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    // See interrupt.ts for why it leads a process group of its own.
    detached: true,
  });
  // A command that does not read its input is no failure; its exit code says what is.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input);
  return child;
}

/** Waits for the end of a command; says why it failed, or undefined when it did not. */
async function failureOf(child: ChildProcess, timeout?: number): Promise<string | undefined> {
  const { pid } = child;
  const forget = pid === undefined ? undefined : trackGroup(pid);
  let late = false;
  const timer =
    timeout === undefined || pid === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          process.kill(-pid, "SIGKILL");
        }, timeout);
  try {
    const reason = await new Promise<string | undefined>((resolve) => {
      child.on("error", (error: NodeJS.ErrnoException) => {
        resolve(error.code === "ENOENT" ? "is not installed" : `cannot be started: ${error.message}`);
      });
      child.on("close", (code, signal) => {
        if (late) resolve(`took longer than ${(timeout ?? 0) / 1000} s`);
        else if (signal !== null) resolve(`was ended by ${signal}`);
        else resolve(code === 0 ? undefined : `failed with exit code ${code ?? "unknown"}`);
      });
    });
    if (isInterrupted()) throw new Interrupted();
    return reason;
  } finally {
    clearTimeout(timer);
    forget?.();
  }
}

/** `pulumi up`, `go build`: what the user would call it; the whole line is in the log. */
function nameOf(command: string, args: readonly string[]): string {
  const verb = args.find((arg) => /^[a-z][\w-]*$/.test(arg));
  return [command.split("/").pop(), verb].filter(Boolean).join(" ");
}

function lastLines(output: string, count = 20): string {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}

function quoted(output: string): string {
  return output === "" ? "" : `\n${output.replace(/^/gm, "  │ ")}`;
}
