import type { Config } from "../tests/e2e/harness/config.ts";
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { together, watched } from "./processes.ts";
import { printTable, seconds } from "./table.ts";

const PLATFORM = "scale-platform";

/** What one stack on a platform takes. */
interface Row {
  readonly what: string;
  readonly seconds: number;
  /** Processor seconds of Pulumi's processes. */
  readonly processor: number;
}

/** Apps without pods, on a host of their stack's own. */
const configOf = (stack: string, apps: number): Config => ({
  platform: { stack: `organization/slipway/${PLATFORM}` },
  apps: Object.fromEntries(
    Array.from({ length: apps }, (_, index) => [
      `app-${index}`,
      { image: "nginx", host: `${stack}.test`, path: `/app-${index}`, stripPrefix: true, replicas: 0 },
    ]),
  ),
});

/**
 * Times stacks with apps on one platform: the first, the last beside all others, two at the same time, and what an unchanged preview and a
 * destroy take then. Each should take what the first took.
 */
export async function measureTeams(stacks: number, apps: number): Promise<void> {
  const platform = await TestStack.prepare(PLATFORM, {
    runProgram: true,
    config: {
      platform: { shared: true },
      traefik: {
        service: { type: "NodePort" },
        web: { nodePort: 32_702 },
        websecure: { nodePort: 32_703 },
      },
    },
  });
  const rows: Row[] = [];
  const measure = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    const taken = await watched(action);
    rows.push({ what, seconds: taken.seconds, processor: together(taken) });
    process.stderr.write(`${what}: ${seconds(taken.seconds)}\n`);
  };
  const up = (stack: TestStack): Promise<string> => stack.command("up", "--yes", "--skip-preview");
  const on: TestStack[] = [];
  try {
    await up(platform);
    for (let index = 1; index <= stacks; index++) {
      const name = `scale-team-${index}`;
      on.push(await TestStack.prepare(name, { config: configOf(name, apps) }));
    }
    const [pair, alone] = [on.slice(-2), on.slice(0, -2)];
    for (const [index, stack] of alone.entries()) {
      await measure(`up of stack ${index + 1}, ${index} beside it`, () => up(stack));
    }
    await measure("up of two more at the same time", () => Promise.all(pair.map(up)));
    await measure("unchanged preview of one", () => (on[0] as TestStack).command("preview"));
    await measure("destroy of one", () => (on[0] as TestStack).down());
  } finally {
    for (const stack of on) await stack.remove();
    await platform.remove();
  }
  process.stdout.write(`\n${stacks} stacks with ${apps} apps each on one platform:\n\n`);
  printTable([
    ["", "seconds", "processors"],
    ...rows.map(({ what, ...taken }) => [what, seconds(taken.seconds), seconds(taken.processor)]),
  ]);
}
