import { Command } from "commander";
import { stringify } from "yaml";

import type { PlatformFacts } from "../../components/index.ts";
import { CliError } from "../base/errors.ts";
import { print } from "../base/output.ts";
import { findProject, type ProjectOptions, withProject } from "../base/project.ts";
import { pulumiError, runPulumi } from "../base/pulumi.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { KubeconfigOptions } from "../cluster/kubeconfig.ts";
import { secondsOf } from "./duration.ts";

interface Options extends ProjectOptions, Pick<KubeconfigOptions, "context"> {
  readonly duration: string;
}

const HELP = `
The stack is that of a platform with teams. The kubeconfig has a token of the team's ServiceAccount, which ends by
itself; the cluster may give it less time than is asked for. Whoever calls has to be allowed to make such tokens.

Examples:
  slipway kubeconfig blue --stack platform > blue.kubeconfig
  slipway kubeconfig blue --stack platform --duration 30d > blue.kubeconfig
`;

/** `slipway kubeconfig`. */
export const kubeconfigCommand = withProject(new Command("kubeconfig"))
  .description("print a kubeconfig that may do what a team of a platform may")
  .argument("<team>", "name of the team")
  .option("--duration <time>", "how long it holds: 90m, 8h, 30d", "24h")
  .option("--context <name>", "context of your kubeconfig (default: the current one)")
  .addHelpText("after", HELP)
  .action(async (team: string, { duration, context, ...options }: Options) => {
    const seconds = secondsOf(duration);
    if (seconds === undefined)
      throw new CliError(`"${duration}" is no duration`, "It is as in 90m, 8h or 30d.");
    const { namespace, teams } = await platformOf(options);
    const [home] = teams[team] ?? [];
    if (home === undefined) {
      throw new CliError(
        `the platform has no team ${team}`,
        `There are: ${Object.keys(teams).join(", ") || "none"}. They are platform.teams of its stack's file.`,
      );
    }
    const cluster = await Cluster.open({ context });
    try {
      const token = await cluster.token({ name: `team-${team}`, namespace }, seconds);
      print(stringify(kubeconfigOf(cluster, { name: team, namespace: home, token })).trimEnd());
    } finally {
      await cluster.close();
    }
  });

/** What the stack of a platform tells others. */
async function platformOf({ cwd, stack }: ProjectOptions): Promise<PlatformFacts> {
  const named = stack === undefined ? [] : ["--stack", stack];
  const result = await runPulumi(["stack", "output", "platform", "--json", ...named], findProject(cwd));
  if (result.code === 0) return JSON.parse(result.stdout) as PlatformFacts;
  throw pulumiError(
    result,
    "the platform cannot be read",
    "The stack has to be that of a platform with teams, and up.",
  );
}

/** A kubeconfig for one user and one cluster. */
const kubeconfigOf = (
  { server, authority }: Pick<Cluster, "server" | "authority">,
  { name, namespace, token }: { readonly name: string; readonly namespace: string; readonly token: string },
): object => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "cluster", cluster: { server, ...authority } }],
  users: [{ name, user: { token } }],
  contexts: [{ name, context: { cluster: "cluster", user: name, namespace } }],
  "current-context": name,
});
