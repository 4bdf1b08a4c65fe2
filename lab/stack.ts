import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { serviceTypeOf } from "../components/traefik/defaults.ts";
import { LabError } from "./base/errors.ts";
import { projectDir } from "./base/paths.ts";
import type { Log } from "./base/progress.ts";
import { capture, run } from "./base/run.ts";
import { inTemporary } from "../cli/base/temporary.ts";
import { explainFailure } from "../cli/base/failures.ts";
import type { Published } from "../cli/served/served.ts";
import { type Checkpoint, resourcesOf } from "../cli/state/checkpoint.ts";
import { WITHOUT_CHECKPOINTS } from "../cli/state/checkpoints.ts";
import { removeTornAttributes } from "../cli/state/torn.ts";
import { checkUrls, curlCommand } from "./urls.ts";
import { backendDir, commandEnvironment, passphraseFile } from "./env.ts";
import { tellMissing } from "./missing.ts";
import { isNews } from "./pulumi-output.ts";
import { recoverStack } from "./recover.ts";
import { dropUnusedSalt, settleStackFile } from "./secrets.ts";
import { readState, stateFile } from "./state.ts";

/** The project's name, which Pulumi keeps its stacks under. */
function project(): string {
  return (parse(readFileSync(join(projectDir, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

const stackState = (stack: string): string => stateFile(project(), stack);

/** Brings a stack up, and ends when every URL that it publishes answers. */
export async function upStack(stack: string, log: Log): Promise<void> {
  await selectStack(stack);
  await recoverStack(project(), stack, log);
  const before = readState(stackState(stack));
  const up = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"];
  await pulumi([...up, ...(await refreshing(before, log))], stack);
  const published = publishedIn(readState(stackState(stack))) as Published;
  log.expect(1);
  const count = Object.keys(published.urls).length;
  await log.task(`${count} URLs answer, with the stack's certificates`, () =>
    checkUrls(published, { before: publishedIn(before) }),
  );
  log.info(`\n${describe(stack, published)}`);
}

/** Shows what `upStack` would change. */
export async function previewStack(stack: string, log: Log): Promise<void> {
  await selectStack(stack);
  const state = readState(stackState(stack));
  await pulumi(["preview", "--suppress-progress", ...(await refreshing(state, log))], stack);
}

/** What lets Pulumi make again what somebody removed; it takes seconds, and so is not asked for each time. */
async function refreshing(state: Checkpoint, log: Log): Promise<readonly string[]> {
  return (await tellMissing(state, log)) ? ["--refresh"] : [];
}

/** Destroys a stack, and forgets it. Its file stays. */
export async function downStack(stack: string, log: Log): Promise<void> {
  if (!existsSync(stackState(stack))) {
    log.info(`There is no stack ${stack} in the lab.`);
    return;
  }
  await selectStack(stack);
  await recoverStack(project(), stack, log);
  // What keeps a shared platform while others are on it is a hook, which the engine runs only together with the program.
  const hooks = readFileSync(stackState(stack), "utf8").includes('"BeforeDelete"') ? ["--run-program"] : [];
  const destroy = ["destroy", "--yes", "--skip-preview", "--suppress-progress", ...hooks];
  await pulumi(destroy, stack, WITHOUT_CHECKPOINTS);
  await capturePulumi(["stack", "rm", "--yes", "--preserve-config", stack]);
}

/** Refuses a stack that there is no file of, before anything is built for it. */
export function checkStack(stack: string): void {
  if (!existsSync(join(projectDir, `Pulumi.${stack}.yaml`))) {
    const known = readdirSync(projectDir).flatMap((name) => /^Pulumi\.(\w+)\.yaml$/.exec(name)?.[1] ?? []);
    throw new LabError(
      `there is no Pulumi.${stack}.yaml`,
      `STACK may be one of: ${known.sort().join(", ")}; or write that file.`,
    );
  }
}

/** Whether a stack's Traefik wants an address of its own. */
export function wantsLoadBalancer(stack: string): boolean {
  const text = readFileSync(join(projectDir, `Pulumi.${stack}.yaml`), "utf8");
  const { config = {} } = parse(text) as { config?: Readonly<Record<string, unknown>> };
  const of = (key: string): unknown => config[`${project()}:${key}`];
  // One on the platform of another stack has no Traefik.
  if ((of("platform") as { stack?: string } | undefined)?.stack !== undefined) return false;
  return serviceTypeOf(of("traefik") ?? {}) === "LoadBalancer";
}

/** Makes a stack the one that Pulumi is at work on, and makes it where it is not there; mends what a killed run left of its state. */
export async function selectStack(stack: string): Promise<void> {
  removeTornAttributes(join(backendDir, ".pulumi"), project(), stack);
  if (!existsSync(stackState(stack))) await dropUnusedSalt(stack);
  await capturePulumi(["stack", "select", "--create", stack]);
  await settleStackFile(stack);
}

async function pulumi(
  args: readonly string[],
  stack: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const color = process.stderr.isTTY ? "always" : "never";
  await inTemporary((directory) =>
    run("pulumi", [...args, "--stack", stack, "--color", color], {
      log: `pulumi-${stack}`,
      cwd: projectDir,
      env: { ...commandEnvironment(), ...env, TMPDIR: directory },
      show: isNews,
      explain: explainFailure,
      advice: `What Pulumi says is above. To look around: eval "$(make -s env)", then pulumi, kubectl. Then run this again; where Pulumi misses objects that somebody removed, after a \`pulumi refresh\`.`,
    }),
  );
  // It writes the salt of a stack that another clone made only now.
  await settleStackFile(stack);
}

function capturePulumi(args: readonly string[]): Promise<string> {
  return capture("pulumi", [...args, "--non-interactive"], {
    cwd: projectDir,
    env: commandEnvironment(),
    explain: explainFailure,
    advice: `Secrets are encrypted with the passphrase in ${passphraseFile}. A stack made with another one needs that one.`,
  });
}

/** What a stack publishes by its state; nothing where it was never brought up. */
const publishedIn = (state: Checkpoint): Partial<Published> =>
  resourcesOf(state).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};

function describe(stack: string, published: Published): string {
  const width = Math.max(...Object.keys(published.urls).map((name) => name.length), 0);
  const lines = Object.entries(published.urls).map(([name, url]) => `  ${name.padEnd(width)}  ${url}`);
  return [`Stack ${stack} is up:`, ...lines, "", "Try:", `  ${curlCommand(stack, published)}`].join("\n");
}
