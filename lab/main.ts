/** The lab's command line; `make` calls it through `lab/run`. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { LabError } from "./base/errors.ts";
import { endChildren, handleInterrupts, isInterrupted } from "./base/interrupt.ts";
import { cacheDir, projectDir } from "./base/paths.ts";
import { Progress } from "./base/progress.ts";
import { run } from "./base/run.ts";
import { inTemporary } from "../cli/base/temporary.ts";
import { addonsForExamples, describeNodes, kubeconfigFile, nodeFigures } from "./cluster/index.ts";
import { commandEnvironment, shellExports, writeSite } from "./env.ts";
import { makeImages } from "./images/index.ts";
import { bringLab, removeLab } from "./lab.ts";
import { runSlipway } from "./slipway.ts";
import { checkStack, downStack, previewStack, upStack, wantsLoadBalancer } from "./stack.ts";
import { runTests } from "./test/index.ts";
import { maintainModule } from "./toolchain/maintain.ts";
import { bringToolchain } from "./toolchain/index.ts";

const log = new Progress();
const stack = process.env["STACK"] || "dev";

const verbs: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  async up() {
    checkStack(stack);
    await bringLab(log, wantsLoadBalancer(stack) ? ["loadbalancer"] : []);
    await upStack(stack, log);
  },
  async preview() {
    checkStack(stack);
    await bringLab(log);
    await previewStack(stack, log);
  },
  /** The project's own command line, with the settings of the lab. */
  async slipway(args) {
    process.exitCode = await runSlipway(args);
  },
  async down() {
    checkStack(stack);
    await downStack(stack, log);
  },
  async lab(addons) {
    const nodes = process.env["NODES"];
    await bringLab(log, addons, nodes ? Number(nodes) : undefined);
    for (const line of describeNodes(await nodeFigures())) log.info(line);
    log.info('The lab is ready. For its tools: eval "$(make -s env)"');
  },
  "lab-down": () => removeLab(log),
  async clean() {
    await removeLab(log);
    await rm(cacheDir(), { recursive: true, force: true });
  },
  async images() {
    const registry = process.env["REGISTRY"];
    const push = !["", "0", undefined].includes(process.env["PUSH"]);
    const names = await makeImages(log, { push, ...(registry ? { registry } : {}) });
    process.stdout.write(`${names.join("\n")}\n`);
  },
  async env() {
    if (existsSync(kubeconfigFile)) await writeSite();
    else log.info("There is no lab yet: make lab");
    process.stdout.write(`${shellExports()}\n`);
  },
  async build(names) {
    const toolchain = await bringToolchain(log, names);
    await toolchain.ready(...names);
    const directories = new Set([
      toolchain.programs,
      ...names.map((name) => dirname(toolchain.program(name))),
    ]);
    log.info(`The programs are in ${Array.from(directories).join(" and ")}.`);
  },
  async go(args) {
    await maintainModule(log, args);
  },
  async bench([part, ...args]) {
    if (part !== undefined && !(part in benches)) {
      throw new LabError(`there is no benchmark ${part}`, `There are: ${Object.keys(benches).join(", ")}.`);
    }
    for (const [name, addons] of Object.entries(benches)) {
      if (part === undefined ? !USUAL_BENCHES.includes(name) : part !== name) continue;
      await bringLab(log, addons);
      await inTemporary((directory) =>
        run(process.execPath, [join(projectDir, "bench", `${name}.ts`), ...args], {
          log: "bench",
          cwd: projectDir,
          env: { ...commandEnvironment(), TMPDIR: directory },
          show: true,
        }),
      );
    }
  },
  async soak(args) {
    await bringLab(log, addonsForExamples);
    const vitest = join(projectDir, "node_modules", "vitest", "vitest.mjs");
    await inTemporary((directory) =>
      run(process.execPath, [vitest, "run", "--project", "soak", ...args], {
        log: "soak",
        cwd: projectDir,
        env: { ...commandEnvironment(), TMPDIR: directory },
        show: true,
      }),
    );
  },
  async test(args) {
    process.exitCode = (await runTests(log, args)) ? 0 : 1;
  },
};

/** Benchmarks that run unless one is named: the others take long, or tell details. */
const USUAL_BENCHES = ["stack", "review", "examples"];

/** What each benchmark needs beside the cluster. */
const benches: Readonly<Record<string, readonly string[]>> = {
  stack: [],
  profile: [],
  scale: [],
  routes: [],
  review: [],
  examples: addonsForExamples,
};

async function main([verb = "", ...args]: readonly string[]): Promise<void> {
  const perform = verbs[verb];
  if (perform === undefined) {
    throw new LabError(
      verb === "" ? "lab/run needs to be told what to do" : `lab/run does not know ${verb}`,
      `It knows: ${Object.keys(verbs).join(", ")}.`,
    );
  }
  handleInterrupts();
  await perform(args);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // Anything else is a mistake of this program, and its trace is what one needs.
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`\n${error.message}\n${error.advice}\n`);
  // What else was going on at the same time is of no use without what failed.
  await endChildren();
  process.exit(isInterrupted() ? 130 : 1);
}
