import { Command, InvalidArgumentError } from "commander";

import { EXPIRES_LABEL } from "../../components/base/labels.ts";
import { explained } from "../base/errors.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, table, withJson } from "../base/output.ts";
import { Cluster } from "../cluster/cluster.ts";
import { type BackendStack, backendStacks, storedStacks } from "../state/stacks.ts";
import { destroyStack } from "./destroy.ts";
import { distance, type Due, dueInCluster, dueStacks } from "./due.ts";

interface Options {
  readonly cwd: string;
  readonly warnDays: number;
  readonly all?: boolean;
  readonly cluster: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const HELP = `
A stack says in its file until when it is needed, and every object of it is labelled with that:
  expires: "2027-01-31"     the last day on which it is used; from the next one on it may go
  expires: never            it stays

expire lists the stacks of the backend whose day has passed, or is near, and those that only the
cluster knows, whose state is elsewhere. With --yes it destroys those of the backend that are past it,
by pulumi destroy, in the order that loses nothing; it never deletes a namespace by itself. A stack
of which Pulumi protects a resource is left alone: protect: true in its file does that. It needs PULUMI_CONFIG_PASSPHRASE or what else the
stacks' secrets are encrypted with, and no program.

Examples:
  slipway expire                     what is past its day, and what will be within three days
  slipway expire --yes               destroys what is past it; for a CronJob or a scheduled workflow
  slipway expire --all --json        every stack with its date
`;

function wholeDays(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("must be a whole number of days");
  return Number(text);
}

/** `slipway expire`. */
export const expireCommand = withJson(
  new Command("expire")
    .description("list stacks whose date has passed, and destroy them with --yes")
    .option("-C, --cwd <directory>", "directory whose backend is meant", ".")
    .option("--warn-days <days>", "list those whose day is within so many days, too", wholeDays, 3)
    .option("--all", "list every stack")
    .option("--no-cluster", "look at the backend alone")
    .option("--yes", "destroy those that are past their day"),
)
  .addHelpText("after", HELP)
  .action(async (options: Options) => {
    const when = { today: new Date(), warnDays: options.warnDays };
    const stacks = await backendStacks(options.cwd);
    const { stored: readable, unread } = await storedStacks(options.cwd, stacks);
    for (const { fullName } of unread)
      process.stderr.write(`warning: the state of ${fullName} cannot be read\n`);
    const stored = dueStacks(readable, when);
    const elsewhere = options.cluster ? dueInCluster(await datedObjects(), stacks, when) : [];
    const order = { expired: 0, soon: 1, later: 2, never: 3 };
    const listed = [...stored, ...elsewhere]
      .filter(({ standing }) => options.all || standing === "expired" || standing === "soon")
      .sort(
        (one, other) => order[one.standing] - order[other.standing] || (one.days ?? 0) - (other.days ?? 0),
      );
    const expired = listed.filter(({ standing }) => standing === "expired");
    if (!options.yes) {
      if (options.json) printJson(listed);
      else print(listed.length === 0 ? "No stack is past its day, or near it." : tableOf(listed));
      if (expired.length > 0) process.exitCode = EXIT.found;
      return;
    }
    const results = await destroyAll(expired, stacks, !options.json);
    if (options.json) printJson(results);
    else if (expired.length === 0) print("No stack is past its day.");
    if (results.some(({ outcome }) => outcome === "failed")) process.exitCode = EXIT.error;
  });

/** What was made of a stack that is past its day. */
interface Result extends Due {
  readonly outcome: "destroyed" | "failed" | "protected" | "elsewhere";
  readonly reason?: string | undefined;
}

async function destroyAll(
  expired: readonly Due[],
  stacks: readonly BackendStack[],
  tell: boolean,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const due of expired) {
    const result = await destroyOne(due, stacks);
    results.push(result);
    if (tell) print(describe(result));
  }
  return results;
}

async function destroyOne(due: Due, stacks: readonly BackendStack[]): Promise<Result> {
  const stack = stacks.find(({ fullName }) => fullName === due.fullName);
  if (stack === undefined) return { ...due, outcome: "elsewhere" };
  if (due.protected) return { ...due, outcome: "protected" };
  try {
    const reason = await destroyStack(stack);
    return reason === undefined ? { ...due, outcome: "destroyed" } : { ...due, outcome: "failed", reason };
  } catch (error) {
    // One stack whose cluster is gone does not keep the others.
    const reason = explained(error);
    if (reason === undefined) throw error;
    return { ...due, outcome: "failed", reason };
  }
}

function describe({ project, stack, expires = "", outcome, reason = "" }: Result): string {
  const what = `${project}/${stack}, which ended on ${expires}`;
  switch (outcome) {
    case "destroyed":
      return `destroyed ${what}`;
    case "protected":
      return `left ${what}: Pulumi protects it. protect: false in its file and pulumi up end that, or pulumi state unprotect --all --stack ${stack}.`;
    case "elsewhere":
      return `left ${what}: its state is in none of this backend's stacks. Run this where it is, or see slipway residue.`;
    case "failed":
      return `could not destroy ${what}:\n${reason.replace(/^/gm, "  ")}`;
  }
}

const tableOf = (due: readonly Due[]): string =>
  table(
    ["project", "stack", "expires", "", "note"],
    due.map(({ project, stack, expires = "", days, fullName, ...rest }) => [
      project,
      stack,
      expires,
      distance(days),
      [rest.protected && "protected", fullName === undefined && "state is elsewhere"]
        .filter(Boolean)
        .join(", "),
    ]),
  );

/** Namespaces and what belongs to none: everything else is in one of those. */
async function datedObjects() {
  const cluster = await Cluster.open();
  try {
    const { objects } = await cluster.listAll(
      { labelSelector: EXPIRES_LABEL },
      ({ namespaced }) => !namespaced,
    );
    return objects;
  } finally {
    await cluster.close();
  }
}
