import { Command } from "commander";

import { PROJECT_LABEL, STACK_LABEL } from "../../components/base/labels.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, table, withJson } from "../base/output.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { ApiResource } from "../cluster/discovery.ts";
import { UnreachableError } from "../cluster/errors.ts";
import type { KubeObject } from "../cluster/object.ts";
import { clusterOf } from "../state/cluster-of.ts";
import { backendStacks, type StoredStack, storedStacks } from "../state/stacks.ts";
import { resourcesOf } from "../state/checkpoint.ts";
import { isObject } from "../state/resource.ts";
import { forgetting, presenceOf, type Residue, residueOf } from "./residue.ts";

interface Options {
  readonly cwd: string;
  readonly project?: string;
  readonly fail?: boolean;
  readonly json?: boolean;
}

const HELP = `
What destroy did not take along, because nobody had noted it:
  - objects with a stack's labels, or named after one, that are in no stack's state
  - stacks whose cluster is gone, or is another one by now
each with the command that removes it. residue itself removes nothing.

It looks at all stacks of the backend and at the cluster of the current context. Where others deploy to
the same cluster from another backend, theirs are listed too: --project names whose are meant.

Examples:
  slipway residue
  slipway residue --project slipway --fail    ends with 7 when there is some; for a job after destroy
`;

/** `slipway residue`. */
export const residueCommand = withJson(
  new Command("residue")
    .description(
      "list what is left in the cluster or the backend and belongs to nobody, with what removes it",
    )
    .option("-C, --cwd <directory>", "directory whose backend is meant", ".")
    .option("--project <name>", "only what is of this project")
    .option("--fail", "end with 7 when there is some"),
)
  .addHelpText("after", HELP)
  .action(async ({ cwd, project, fail = false, json }: Options) => {
    // The objects first: what is made after them, and then noted in a state, is nobody's residue.
    const cluster = await objectsOf(project);
    const { stored: stacks, unread } = await storedStacks(cwd, await backendStacks(cwd));
    for (const { fullName } of unread) {
      process.stderr.write(
        `warning: the state of ${fullName} cannot be read, so nothing is said of what is its\n`,
      );
    }
    const isMeant = (each: { readonly project: string }): boolean =>
      project === undefined || each.project === project;
    const residue = [
      ...residueOf(cluster.objects, { stacks, unread }, cluster.resources).filter(isMeant),
      ...(await stacksLeft(stacks.filter(isMeant))),
    ];
    if (json) printJson(residue);
    else if (residue.length > 0) {
      print(
        table(
          ["what", "why", "remove by"],
          residue.map(({ what, reason, command }) => [what, reason, command]),
        ),
      );
    }
    if (fail && residue.length > 0) process.exitCode = EXIT.found;
  });

/** What in the cluster may be a stack's, and the cluster's kinds; nothing where it cannot be reached: then its stacks are left. */
async function objectsOf(
  project: string | undefined,
): Promise<{ readonly objects: readonly KubeObject[]; readonly resources: readonly ApiResource[] }> {
  const cluster = await Cluster.open();
  try {
    const whose = project === undefined ? "" : `,${PROJECT_LABEL}=${project}`;
    const labelled = await cluster.listAll({ labelSelector: `${STACK_LABEL}${whose}` });
    const wide = await cluster.listAll({}, ({ namespaced }) => !namespaced);
    const objects = new Map(
      [...labelled.objects, ...wide.objects].map((object) => [object.metadata.uid, object]),
    );
    return { objects: [...objects.values()], resources: await cluster.resources() };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    process.stderr.write(`warning: ${error.message}\n`);
    return { objects: [], resources: [] };
  } finally {
    await cluster.close();
  }
}

/** Stacks whose cluster is gone. Those that name none are on that of the current context. */
async function stacksLeft(stacks: readonly StoredStack[]): Promise<Residue[]> {
  const groups = new Map<string, StoredStack[]>();
  for (const stack of stacks.filter(({ checkpoint }) => resourcesOf(checkpoint).some(isObject))) {
    const key = JSON.stringify(clusterOf(stack.checkpoint));
    groups.set(key, [...(groups.get(key) ?? []), stack]);
  }
  const left: Residue[] = [];
  for (const [key, group] of groups) {
    const cluster = await Cluster.open(JSON.parse(key) as ReturnType<typeof clusterOf>);
    try {
      const namespaces = await cluster.list("v1", "Namespace");
      const byName = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
      for (const stack of group) {
        const presence = presenceOf(stack, byName);
        if (presence !== "there") left.push(forgetting(stack, presence, cluster.server));
      }
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      left.push(...group.map((stack) => forgetting(stack, "unreachable", cluster.server)));
    } finally {
      await cluster.close();
    }
  }
  return left;
}
