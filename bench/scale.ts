/**
 * Times `up`, an unchanged `preview` and `destroy` of stacks with more and more apps, beside helm and kubectl with the same objects; then
 * of ten stacks with ten apps each on one platform. `node bench/scale.ts teams` is the second part alone.
 */
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { ByHand } from "./by-hand.ts";
import { manyApps } from "./many-apps.ts";
import { stackObjects } from "./objects.ts";
import { together, watched } from "./processes.ts";
import { measureTeams } from "./teams.ts";
import { printTable, seconds, timed } from "./table.ts";

const given = process.argv.slice(2);
const COUNTS = given.length > 0 ? given.filter((word) => word !== "teams").map(Number) : [10, 50, 100];

const STEPS = ["up", "preview", "destroy"] as const;

type Times = Record<(typeof STEPS)[number], number>;

interface Measured {
  readonly apps: number;
  readonly resources: number;
  readonly pulumi: Times;
  readonly byHand: Times;
  /** Processor seconds of Pulumi's processes. */
  readonly processor: Times;
  /** Bytes that each program takes at most, over all steps. */
  readonly memory: ReadonlyMap<string, number>;
}

async function measure(apps: number): Promise<Measured> {
  const stack = await TestStack.prepare(`scale-${apps}`, { config: manyApps(apps) });
  const memory = new Map<string, number>();
  const pulumi: Times = { up: 0, preview: 0, destroy: 0 };
  const processor: Times = { up: 0, preview: 0, destroy: 0 };
  const run = async (step: keyof Times, command: () => Promise<unknown>): Promise<void> => {
    const taken = await watched(command);
    for (const [name, bytes] of taken.memory) memory.set(name, Math.max(memory.get(name) ?? 0, bytes));
    [pulumi[step], processor[step]] = [taken.seconds, together(taken)];
    process.stderr.write(
      `${apps} apps: pulumi ${step} ${seconds(taken.seconds)}, ${seconds(together(taken))} of processors\n`,
    );
  };
  try {
    await run("up", () => stack.up());
    await run("preview", () => stack.command("preview"));
    const resources = await stack.resources<Parameters<typeof stackObjects>[0][number]>();
    await run("destroy", () => stack.down());
    const byHand = await measureByHand(apps, await ByHand.write(stackObjects(resources)));
    return { apps, resources: resources.length, pulumi, byHand, processor, memory };
  } finally {
    await stack.remove();
  }
}

async function measureByHand(apps: number, files: ByHand): Promise<Times> {
  const times: Times = { up: 0, preview: 0, destroy: 0 };
  try {
    times.up = await timed(() => files.up());
    times.preview = await timed(() => files.preview());
  } finally {
    times.destroy = await timed(() => files.destroy());
    await files.remove();
  }
  process.stderr.write(`${apps} apps: by hand ${STEPS.map((step) => seconds(times[step])).join(", ")}\n`);
  return times;
}

/** The power of the number of apps that a time grows with: the slope of a line through the logarithms. */
function exponent(points: readonly (readonly [apps: number, seconds: number])[]): string {
  if (points.length < 2) return "";
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (pick: 0 | 1): number => logs.reduce((sum, log) => sum + log[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return (covariance / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0)).toFixed(2);
}

function report(measured: readonly Measured[]): void {
  process.stdout.write(
    "\nApps of nginx without pods, one host, a path and stripPrefix each. By hand: the same objects by\n",
  );
  process.stdout.write(
    "kubectl apply and helm install --wait; kubectl diff; kubectl delete and helm uninstall, to the end.\n\n",
  );
  printTable([
    ["apps", "resources", ...STEPS.flatMap((step) => [step, "by hand", "ratio"])],
    ...measured.map(({ apps, resources, pulumi, byHand }) => [
      String(apps),
      String(resources),
      ...STEPS.flatMap((step) => [
        seconds(pulumi[step]),
        seconds(byHand[step]),
        (pulumi[step] / byHand[step]).toFixed(2),
      ]),
    ]),
    [
      "grows with",
      "",
      ...STEPS.flatMap((step) => [
        exponent(measured.map(({ apps, pulumi }) => [apps, pulumi[step]])),
        exponent(measured.map(({ apps, byHand }) => [apps, byHand[step]])),
        "",
      ]),
    ],
  ]);

  process.stdout.write("\nProcessor seconds of Pulumi's processes:\n\n");
  printTable([
    ["apps", ...STEPS],
    ...measured.map(({ apps, processor }) => [
      String(apps),
      ...STEPS.map((step) => seconds(processor[step])),
    ]),
    [
      "grows with",
      ...STEPS.map((step) => exponent(measured.map(({ apps, processor }) => [apps, processor[step]]))),
    ],
  ]);

  const programs = [...new Set(measured.flatMap(({ memory }) => [...memory.keys()]))].sort();
  process.stdout.write("\nMemory of each process at most, MiB:\n\n");
  printTable([
    ["apps", ...programs],
    ...measured.map(({ apps, memory }) => [
      String(apps),
      ...programs.map((name) => ((memory.get(name) ?? 0) / 2 ** 20).toFixed(0)),
    ]),
  ]);
}

const measured: Measured[] = [];
for (const apps of COUNTS) measured.push(await measure(apps));
if (measured.length > 0) report(measured);
if (given.length === 0 || given.includes("teams")) await measureTeams(10, 10);
