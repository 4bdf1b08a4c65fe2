import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type Blow, type Config, killed, leftovers, type TestStack } from "../harness/index.ts";
import { WITHOUT_CHECKPOINTS } from "../../../cli/state/checkpoints.ts";
import { slipway } from "./slipway.ts";

interface Resource {
  readonly type: string;
  readonly outputs?: { readonly certPem?: string };
}

/** Certificate of the stack's authority, where the state has one. */
async function authorityOf(stack: TestStack): Promise<string | undefined> {
  const resources = await stack.resources<Resource>();
  return resources.find(({ type }) => type === "tls:index/selfSignedCert:SelfSignedCert")?.outputs?.certPem;
}

interface State {
  readonly deployment: { readonly pending_operations?: readonly unknown[] };
}

/** What `slipway doctor` does not say of a run that was killed: its lock, and each operation that nobody saw end. */
async function undiagnosed(stack: TestStack): Promise<Wrong> {
  const state = await stack.exported().catch(String);
  const { stdout, stderr } = await slipway(stack, ["doctor", "--json"]);
  // The kill was in the middle of a write.
  if (/EOF/.test(state.slice(-100)))
    return /left the file beside the state empty/.test(stderr)
      ? []
      : [`doctor says of a torn state: ${stderr}`];
  const { deployment } = JSON.parse(state) as State;
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: readonly { readonly message: string }[] };
  const said = (pattern: RegExp): number => diagnoses.filter(({ message }) => pattern.test(message)).length;
  const pending = deployment.pending_operations?.length ?? 0;
  const told = said(/^was being worked on \(.*\) when a run was killed$/);
  const locked = said(/^is locked by .*, which is gone$/) === 1;
  return [
    // An engine whose provider was killed ends by itself, and takes its lock along.
    ...(locked === isLocked(stack) ? [] : ["doctor does not name the lock"]),
    ...(told === pending ? [] : [`doctor names ${told} of ${pending} pending operations`]),
  ];
}

/** Whether there is a lock of the stack in the backend of files. */
function isLocked({ project, name }: TestStack): boolean {
  const backend = fileURLToPath(process.env["PULUMI_BACKEND_URL"] ?? "");
  const locks = join(backend, ".pulumi", "locks", "organization", project, name);
  return existsSync(locks) && readdirSync(locks).some((file) => file.endsWith(".json"));
}

/** Brings state and cluster together again, and gives what was said. */
async function recovered(stack: TestStack): Promise<string> {
  const { code, stdout, stderr } = await slipway(stack, ["recover"]);
  if (code !== 0) throw new Error(`recover ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** What is wrong after a run was killed and the next one went on, in words: nothing, as it should be. */
export type Wrong = readonly string[];

/** Kills `up`, and lets another one go on. */
export async function survivesUp(stack: TestStack, blow: Blow): Promise<Wrong> {
  await killed(stack.directory, ["up", "--stack", stack.name], blow);
  const silent = await undiagnosed(stack);
  await recovered(stack);
  const before = await authorityOf(stack);
  await stack.up();
  const after = await authorityOf(stack);
  const changes = await stack.changes();
  return [
    ...silent,
    ...(before !== undefined && before !== after ? ["the authority is another one"] : []),
    ...(changes.length > 0 ? [`the next preview is not empty: ${JSON.stringify(changes)}`] : []),
  ];
}

/** Kills an `up` that changes what is there, and lets another one go on. */
export async function survivesUpdate(stack: TestStack, change: Config, blow: Blow): Promise<Wrong> {
  await stack.configure(change);
  return survivesUp(stack, blow);
}

/** Kills `destroy` as `make down` runs it, and brings the stack up again instead, as `make up` does where objects are missing. */
export async function survivesDown(stack: TestStack, blow: Blow): Promise<Wrong> {
  const before = await authorityOf(stack);
  await killed(stack.directory, ["destroy", "--stack", stack.name], blow, WITHOUT_CHECKPOINTS);
  await recovered(stack);
  await stack.command("up", "--yes", "--skip-preview", "--refresh");
  const after = await authorityOf(stack);
  const changes = await stack.changes();
  return [
    ...(before === after ? [] : ["the authority is another one"]),
    ...(changes.length > 0 ? [`the next preview is not empty: ${JSON.stringify(changes)}`] : []),
  ];
}

/** Kills `destroy`, and lets another one go on. */
export async function survivesDestroy(stack: TestStack, blow: Blow): Promise<Wrong> {
  await killed(stack.directory, ["destroy", "--stack", stack.name], blow);
  await recovered(stack);
  await stack.destroy();
  const left = await leftovers(stack.name, `slipway-${stack.name}`);
  return left.map((object) => `${object} is left`);
}
