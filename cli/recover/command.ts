import { Command } from "commander";

import { openStack, type ProjectOptions, withProject } from "../base/project.ts";
import { print, printJson, withJson } from "../base/output.ts";
import { mendTornState } from "../state/torn.ts";
import { describeRecovery, recover } from "./recover.ts";

interface Options extends ProjectOptions {
  readonly dryRun?: boolean;
  readonly forget?: boolean;
  readonly json?: boolean;
}

const HELP = `
A run of Pulumi that is killed (a closed laptop, a CI job out of time) leaves a lock, operations that
nobody saw end, and objects in the cluster that the state does not have. The next run then says that
it is locked, that objects exist already, or that fields conflict; a destroy forgets some of them.

recover brings state and cluster together again; after it, up, preview and destroy just work:
  - it removes locks whose process is gone, and ends plugins whose engine is gone
  - what the stack was making and is there goes into the state, so that up goes on with it
  - what the program would make and is there with the stack's labels does, too
  - operations of what is not there are struck off
It changes nothing in the cluster, and touches nothing that somebody else's labels or managers claim.

Examples:
  slipway recover --stack dev            then: pulumi up --stack dev
  slipway recover --stack dev --dry-run  what it would do
`;

/** `slipway recover`. */
export const recoverCommand = withJson(
  withProject(new Command("recover"))
    .description("go on after a run that was killed: locks, interrupted operations, objects the state lacks")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--forget", "strike off what cannot be looked up, too: operations of other providers"),
)
  .addHelpText("after", HELP)
  .action(async (options: Options) => {
    // Until then Pulumi cannot even say whether the stack is there.
    if (options.dryRun !== true) await mendTornState(options);
    const { workspace, name } = await openStack(options);
    const { name: project } = await workspace.projectSettings();
    const { dryRun = false, forget = false } = options;
    const tell = (text: string): void => void process.stderr.write(`${text}\n`);
    const recovery = await recover({
      directory: workspace.workDir,
      stack: name,
      project,
      dryRun,
      forget,
      tell,
    });
    if (options.json) {
      printJson(recovery);
      return;
    }
    const lines = describeRecovery(recovery);
    print(
      ...lines,
      lines.length === 0
        ? `Nothing is to be done: nothing was interrupted, and the state of ${name} has what the cluster has.`
        : dryRun
          ? "Nothing was done, for this was a dry run."
          : `Go on with pulumi up or pulumi destroy, --stack ${name}.`,
    );
  });
