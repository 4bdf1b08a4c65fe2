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
  const { deployment } = JSON.parse(await stack.exported()) as State;
  const { stdout } = await slipway(stack, ["doctor", "--json"]);
  const { diagnoses } = JSON.parse(stdout) as { diagnoses: readonly { readonly message: string }[] };
  const said = (pattern: RegExp): number => diagnoses.filter(({ message }) => pattern.test(message)).length;
  const pending = deployment.pending_operations?.length ?? 0;
  const told = said(/^was being worked on \(.*\) when a run was killed$/);
  return [
    ...(said(/^is locked by .*, which is gone$/) === 1 ? [] : ["doctor does not name the lock"]),
    ...(told === pending ? [] : [`doctor names ${told} of ${pending} pending operations`]),
  ];
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
  const before = await authorityOf(stack);
  await recovered(stack);
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
