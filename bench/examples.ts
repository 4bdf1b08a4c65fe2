/** Brings every example up at the same time, asks each, tells what they take together, and takes them away. */
import { Client } from "../tests/e2e/harness/client.ts";
import { objects, type KubeObject } from "../tests/e2e/harness/kubectl.ts";
import { leftovers } from "../tests/e2e/harness/leftovers.ts";
import { fillRegistry } from "../tests/e2e/harness/registry.ts";
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { waitFor } from "../tests/e2e/harness/wait.ts";
import { programs, type Program } from "./programs.ts";
import { printTable, seconds, timed } from "./table.ts";
import { labUsage, machine } from "./usage.ts";

const STACK = "together";

/** Programs that Pulumi runs at a time. */
const AT_A_TIME = 3;

/** Seconds over which the lab is watched while nobody asks for anything. */
const REST = 30;

interface Deployed extends Program {
  readonly stack: TestStack;
  /** Seconds. */
  readonly up: number;
}

/** Does something for each, a few at a time. All are tried, also where one fails. */
async function forEach<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: PromiseSettledResult<R>[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) [results[index]] = await Promise.allSettled([action(item)]);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const failed = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join("\n"));
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

const say = (text: string): boolean => process.stderr.write(text);

/** Pods of every example, by the namespace they are in. */
async function examplePods(): Promise<readonly KubeObject[]> {
  return objects("pods", "--all-namespaces", `-lslipway.dev/stack=${STACK}`);
}

/** Whether a pod does what it is for: it is ready, or has ended well. */
const serves = ({ status }: KubeObject): boolean => {
  const { phase, conditions = [] } = status as {
    phase: string;
    conditions?: { type: string; status: string }[];
  };
  return phase === "Succeeded" || conditions.some((one) => one.type === "Ready" && one.status === "True");
};

const isOf = (program: Program, { metadata }: KubeObject): boolean =>
  metadata.labels?.["slipway.dev/project"] === program.name;

/** Asks what the example publishes until it answers so; of one that speaks no http, the pods have to do. */
async function ask({ name, stack, question }: Deployed): Promise<string> {
  if (question === undefined) return "";
  const { url, host, status } = await question(stack);
  const client = new Client({ address: new URL(url).hostname, keepAlive: false });
  const asked = new URL(url);
  asked.hostname = host;
  try {
    await waitFor(async () => (await client.get(asked.href)).status === status, {
      message: `${name} to answer ${status} at ${asked.href}`,
    });
  } catch (error) {
    say(`${String(error)}\n`);
    process.exitCode = 1;
    return "none";
  } finally {
    await client.close();
  }
  return String(status);
}

/** Some of them, where the command line names any. */
const names = process.argv.slice(2);
const everything = (await programs(await fillRegistry())).filter(
  ({ name }) => names.length === 0 || names.includes(name),
);
const before = await labUsage(REST);
const stacks: TestStack[] = [];
try {
  const began = performance.now();
  const deployed = await forEach(everything, async (program): Promise<Deployed> => {
    const stack = await TestStack.prepare(STACK, program.options);
    stacks.push(stack);
    const up = await timed(() => stack.up());
    say(`${program.name} ${seconds(up)}\n`);
    return { ...program, stack, up };
  });
  const wall = (performance.now() - began) / 1000;

  await waitFor(async () => (await examplePods()).every(serves), {
    message: "every pod to be ready",
    deadline: 120_000,
  });
  const pods = await examplePods();
  const answers = await forEach(deployed, ask);
  const rows = deployed.map((program, index) => {
    const own = pods.filter((pod) => isOf(program, pod)).length;
    return [program.name, seconds(program.up), String(own), answers[index] ?? ""];
  });
  const usage = await labUsage(REST);

  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  process.stdout.write(`\n${rows.length} examples at the same time, brought up ${AT_A_TIME} at a time.\n\n`);
  printTable([["example", "up", "pods", "answers"], ...rows]);
  process.stdout.write("\n");
  printTable([
    ["", "the lab alone", "with all of them", "there is"],
    ["pods", "", String(pods.length), ""],
    ["up", "", seconds(wall), ""],
    ["memory", gibibytes(before.memory), gibibytes(usage.memory), gibibytes(machine.memory)],
    [
      "processors, at rest",
      before.processors.toFixed(2),
      usage.processors.toFixed(2),
      String(machine.processors),
    ],
  ]);
} finally {
  const gone = await timed(() => forEach(stacks, (stack) => stack.remove()));
  const left = await leftovers(STACK, `no-name-begins-with-this`);
  process.stdout.write(
    `\nAll taken away in ${seconds(gone)}; left behind: ${left.join(", ") || "nothing"}.\n`,
  );
  if (left.length > 0) process.exitCode = 1;
}
