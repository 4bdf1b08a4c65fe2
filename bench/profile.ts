/**
 * Tells where the time of `up` and of an unchanged `preview` goes: of stack dev, or by `node bench/profile.ts 160` of one with so many
 * apps.
 */
import { join } from "node:path";

import { inTemporary } from "../cli/base/temporary.ts";
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { manyApps } from "./many-apps.ts";
import { watched } from "./processes.ts";
import { readSpans, type Span } from "./spans.ts";
import { printTable, seconds } from "./table.ts";

const NODE_PORTS = { traefik: { web: { nodePort: 32_704 }, websecure: { nodePort: 32_705 } } };

const REGISTER = "pulumirpc.ResourceMonitor/RegisterResource";
const CONFIGURE = "pulumirpc.ResourceProvider/Configure";
/** The file backend opens a writer for each state that it writes. */
const WRITE = "gocloud.dev/blob.NewWriter";

/** The stretches of a command, one after another, and what ends each. */
function stretches(spans: readonly Span[]): readonly (readonly [what: string, end: number])[] {
  const engine = spans.filter(({ service }) => service === "pulumi-cli");
  const named = (name: string): readonly Span[] => engine.filter((span) => span.name === name);
  const registered = named(REGISTER);
  const end = (all: readonly Span[]): number => Math.max(...all.map((span) => span.end));
  return [
    ["the command line: language host, passphrase, state", named("pulumi-plan")[0]?.start ?? 0],
    ["Node.js and Pulumi's SDK", registered[0]?.start ?? 0],
    ["the program's modules, and its configuration", registered[1]?.start ?? 0],
    ["the providers' start", end(named(CONFIGURE))],
    ["resources, to the last one", end(registered)],
    ["the end: outputs, last state, processes", end(named("pulumi"))],
  ];
}

/** Calls by name: how many, together, and the longest. */
function calls(spans: readonly Span[]): readonly (readonly [string, number, number, number])[] {
  const provider = spans.filter(
    ({ service, name }) => service === "pulumi-cli" && name.startsWith("pulumirpc.ResourceProvider/"),
  );
  return [...new Set(provider.map(({ name }) => name))].map((name) => {
    const times = provider.filter((span) => span.name === name).map(({ start, end }) => end - start);
    const method = name.replace("pulumirpc.ResourceProvider/", "");
    return [method, times.length, times.reduce((sum, time) => sum + time, 0), Math.max(...times)];
  });
}

function print(step: string, spans: readonly Span[]): void {
  const parts = stretches(spans);
  const total = parts.at(-1)?.[1] ?? 0;
  process.stdout.write(`\n${step}\n\n`);
  printTable([
    ["seconds", "share", "for"],
    ...parts.map(([what, end], index) => {
      const took = end - (parts[index - 1]?.[1] ?? 0);
      return [took.toFixed(2), `${((100 * took) / total).toFixed(0)} %`, what];
    }),
    [total.toFixed(2), "", "all"],
  ]);
  const writes = spans.filter(({ name }) => name === WRITE).length;
  process.stdout.write(
    `\nThe state was written ${writes} times. Calls of providers, some at the same time:\n\n`,
  );
  printTable([
    ["call", "times", "together", "longest"],
    ...calls(spans).map(([name, times, sum, longest]) => [
      name,
      String(times),
      `${sum.toFixed(2)} s`,
      `${longest.toFixed(2)} s`,
    ]),
  ]);
}

const [apps] = process.argv.slice(2).map(Number);
const stack = await TestStack.prepare(
  "profile",
  apps === undefined ? { from: "dev", config: NODE_PORTS } : { config: manyApps(apps) },
);
try {
  for (const step of ["up", "preview"] as const) await inTemporary((directory) => profile(step, directory));
} finally {
  await stack.remove();
}

async function profile(step: "up" | "preview", directory: string): Promise<void> {
  const trace = join(directory, "trace");
  const flags = step === "up" ? ["--yes", "--skip-preview"] : [];
  const taken = await watched(() => stack.command(step, ...flags, "--otel-traces", `file://${trace}`));
  print(step, await readSpans(trace));
  process.stdout.write("\nProcessor seconds of each program:\n\n");
  printTable([...taken.processor].map(([name, used]) => [seconds(used), name]));
}
