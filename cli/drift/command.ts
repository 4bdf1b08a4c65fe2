import { Command } from "commander";

import { EXIT } from "../base/exit.ts";
import { printJson, withJson } from "../base/output.ts";
import { openStack, type ProjectOptions, withProject } from "../base/project.ts";
import { Cluster } from "../cluster/cluster.ts";
import { exportCheckpoint, resourcesOf } from "../state/checkpoint.ts";
import { clusterOf } from "../state/cluster-of.ts";
import type { StateResource } from "../state/resource.ts";
import { findDrift, takeBack, type Drift } from "./drift.ts";
import { fix } from "./fix.ts";
import { printDrift, removals } from "./report.ts";

interface Options extends ProjectOptions {
  readonly all?: boolean;
  readonly controller?: readonly string[];
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

const HELP = `
What the program said when it was last deployed is applied to each object once more, in a dry run that
changes nothing, and compared with what is there. So a field is found that somebody added (a label, a
variable), which \`pulumi refresh\` does not look at, and no default or quantity written otherwise is.
What controllers set is harmless, and only counted. Secrets are compared, and never shown: their
passphrase is needed as for \`pulumi up\`.

--fix shows what \`pulumi up --refresh\` would do, asks, and does it. What an up leaves alone, because the
program says nothing of it, is printed with the command that takes it away.

Examples:
  slipway drift --stack prod             nightly: 7 says that somebody changed something
  slipway drift --stack prod --fix       put it right
  slipway drift --controller my-operator its fields are its own
`;

/** `slipway drift`. */
export const driftCommand = withJson(
  withProject(new Command("drift")).description(
    "what the cluster has otherwise than the program said, field by field, and who set it",
  ),
)
  .option("-a, --all", "show what is harmless, too: the fields of controllers")
  .option("--controller <name...>", "managers of fields that are controllers, beside those that are known")
  .option("--fix", "show what up --refresh would do, and do it")
  .option("-y, --yes", "with --fix: do not ask")
  .addHelpText("after", HELP)
  .action(async (options: Options) => {
    const { all = false, controller: controllers = [], json = false, yes = false } = options;
    const stack = await openStack(options);
    const place = { directory: stack.workspace.workDir, stack: stack.name };
    /** Opens the cluster for what is done with the state's resources. */
    const onCluster = async <T>(
      work: (cluster: Cluster, resources: readonly StateResource[]) => Promise<T>,
    ) => {
      const checkpoint = await exportCheckpoint(place, { showSecrets: true });
      const cluster = await Cluster.open(clusterOf(checkpoint));
      try {
        return await work(cluster, resourcesOf(checkpoint));
      } finally {
        await cluster.close();
      }
    };
    const find = (): Promise<readonly Drift[]> =>
      onCluster((cluster, resources) => findDrift(cluster, resources, { controllers }));
    const real = (drifts: readonly Drift[]): readonly Drift[] =>
      drifts.filter(({ harmless }) => harmless === undefined);
    // Standard output is the JSON's, and that is what is left in the end.
    const write = (text: string): boolean => (json ? process.stderr : process.stdout).write(text);
    let drifts = await find();
    if (options.fix && real(drifts).length > 0) {
      if (!json) printDrift(drifts, { stack: stack.name, all });
      const before = drifts;
      const takenBack = (): Promise<void> =>
        onCluster((cluster, resources) => takeBack(cluster, resources, before));
      if (await fix(stack, { yes, write, takeBack: takenBack })) drifts = await find();
    }
    if (json) printJson({ stack: stack.name, drift: drifts });
    else printDrift(drifts, { stack: stack.name, all });
    const commands = options.fix ? removals(drifts) : [];
    if (commands.length > 0)
      write(["", "An up leaves these as they are. To take them away:", ...commands, ""].join("\n"));
    process.exitCode = real(drifts).length > 0 ? EXIT.found : EXIT.fine;
  });
