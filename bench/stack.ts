/** Times `up`, an unchanged `preview` and `destroy` of stack dev beside helm and kubectl doing the same by hand. */
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { ByHand } from "./by-hand.ts";
import { stackObjects } from "./objects.ts";
import { printTable, seconds, timed } from "./table.ts";

const RUNS = Number(process.argv[2] ?? 3);

const STEPS = ["up", "preview", "destroy"] as const;

/** What `dev` may take on the lab, seconds. */
const AIM = { up: 10, preview: 4, destroy: 15 };

const NODE_PORTS = { traefik: { web: { nodePort: 32_700 }, websecure: { nodePort: 32_701 } } };

type Seconds = Record<(typeof STEPS)[number], number[]>;

const none = (): Seconds => ({ up: [], preview: [], destroy: [] });

/** The times of the latest run, for who waits: medians say nothing of what varies. */
const latest = (of: Seconds): string =>
  STEPS.map((step) => seconds(of[step].at(-1) ?? Number.NaN)).join(", ");

/** The value in the middle; of an even number, the lower one. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

const pulumi = none();
const byHand = none();
const stack = await TestStack.prepare("bench", { from: "dev", config: NODE_PORTS });
let objects = 0;
try {
  for (let run = 1; run <= RUNS; run++) {
    process.stderr.write(`run ${run} of ${RUNS}: pulumi`);
    pulumi.up.push(await timed(() => stack.command("up", "--yes", "--skip-preview")));
    pulumi.preview.push(await timed(() => stack.command("preview")));
    const made = stackObjects(await stack.resources());
    objects = made.chart.length + made.others.length;
    pulumi.destroy.push(await timed(() => stack.down()));

    process.stderr.write(` ${latest(pulumi)}; helm and kubectl`);
    const files = await ByHand.write(made);
    try {
      byHand.up.push(await timed(() => files.up()));
      byHand.preview.push(await timed(() => files.preview()));
    } finally {
      byHand.destroy.push(await timed(() => files.destroy()));
      await files.remove();
    }
    process.stderr.write(` ${latest(byHand)}\n`);
  }
} finally {
  await stack.remove();
}

const rows = STEPS.map((step) => {
  const [own, hand] = [median(pulumi[step]), median(byHand[step])];
  return [step, seconds(own), seconds(hand), (own / hand).toFixed(2), `≤ ${AIM[step]} s`];
});
process.stdout.write(
  `\nStack dev, ${objects} objects, medians of ${RUNS} runs. By hand: kubectl apply, helm install --wait of what\n`,
);
process.stdout.write(
  "the chart renders, and waiting for the pods; kubectl diff; kubectl delete and helm uninstall, to the end.\n\n",
);
printTable([["", "pulumi", "helm + kubectl", "ratio", "aim"], ...rows]);
