import { lookup } from "node:dns/promises";

import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { Command, Option } from "commander";

import { EXIT } from "../base/exit.ts";
import { print, printJson, style, withJson } from "../base/output.ts";
import { inParallel } from "../base/parallel.ts";
import { openStack, type ProjectOptions, withProject } from "../base/project.ts";
import { runPulumi } from "../base/pulumi.ts";
import { Cluster } from "../cluster/cluster.ts";
import { ask, certificateProblem, type Published } from "../served/served.ts";
import { exportCheckpoint, pendingOf } from "../state/checkpoint.ts";
import { clusterOf } from "../state/cluster-of.ts";
import { locksOf } from "../state/locks.ts";
import { checkCertificates, checkServed } from "./checks/certificates.ts";
import { checkPods } from "./checks/pods.ts";
import { checkRoutes } from "./checks/routes.ts";
import { checkServices } from "./checks/services.ts";
import { checkNamespaces, checkState } from "./checks/state.ts";
import { checkHosts, checkVersions } from "./checks/versions.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { readCluster, type Snapshot } from "./snapshot.ts";

interface Options extends ProjectOptions {
  readonly failOn: Diagnosis["severity"];
  readonly json?: boolean;
}

const HELP = `
It looks at pods that are not ready, with the reason and their last words; Services that lead nowhere;
routes that Traefik drops, and why; certificates and authorities near their end, and those that clients
are shown in place of the stack's; node ports that others have; namespaces that will not go; locks and interrupted operations in the state; objects that somebody
removed; versions that do not fit together; hosts that do not resolve. It changes nothing.

Examples:
  slipway doctor --stack dev
  slipway doctor --stack prod --fail-on warning   a certificate that ends in 30 days counts, too
`;

/** The checks, the state's first: where objects are missing, much else follows. */
const CHECKS: readonly ((snapshot: Snapshot) => readonly Diagnosis[])[] = [
  checkState,
  checkNamespaces,
  checkPods,
  checkServices,
  checkRoutes,
  checkCertificates,
  checkServed,
  checkVersions,
  checkHosts,
];

/** What is wrong, errors first. */
export function diagnose(snapshot: Snapshot): readonly Diagnosis[] {
  const found = CHECKS.flatMap((check) => check(snapshot));
  return [
    ...found.filter(({ severity }) => severity === "error"),
    ...found.filter(({ severity }) => severity !== "error"),
  ];
}

/** `slipway doctor`. */
export const doctorCommand = withJson(
  withProject(new Command("doctor").description("why something does not work, and what to do, in one page")),
)
  .addOption(
    new Option("--fail-on <severity>", "exit with 7 for this or worse")
      .choices(["error", "warning"])
      .default("error"),
  )
  .addHelpText("after", HELP)
  .action(async ({ failOn, json, ...options }: Options) => {
    const stack = await openStack(options);
    const found = diagnose(await snapshotOf(stack));
    if (json) printJson({ stack: stack.name, diagnoses: found });
    else printDiagnoses(found, stack.name);
    const counted = found.filter(({ severity }) => failOn === "warning" || severity === "error");
    process.exitCode = counted.length > 0 ? EXIT.found : EXIT.fine;
  });

async function snapshotOf(stack: Stack): Promise<Snapshot> {
  const { workspace, name } = stack;
  const place = { directory: workspace.workDir, stack: name };
  const checkpoint = await exportCheckpoint(place);
  const { name: project } = await workspace.projectSettings();
  const cluster = await Cluster.open(clusterOf(checkpoint));
  try {
    const [inCluster, locks, config, outputs, { stdout: here }] = await Promise.all([
      readCluster(cluster, checkpoint),
      locksOf(place, project),
      stack.getAllConfig(),
      stack.outputs(),
      runPulumi(["version"], workspace.workDir),
    ]);
    return {
      ...inCluster,
      now: new Date(),
      pending: pendingOf(checkpoint),
      locks,
      pulumi: { here: here.trim(), state: checkpoint.deployment.manifest.version },
      nodePorts: Object.values(config).flatMap(({ value }) => nodePortsIn(value)),
      hosts: await resolved(hostsIn(outputs["urls"]?.value)),
      served: await served(outputs),
    };
  } finally {
    await cluster.close();
  }
}

/** Numbers under a key `nodePort` in a configuration value, which is JSON where it is more than a word. */
export const nodePortsIn = (value: string): readonly number[] =>
  [...value.matchAll(/"nodePort":\s*"?(\d+)/g)].map(([, port]) => Number(port));

const hostsIn = (urls: unknown): readonly string[] =>
  typeof urls === "object" && urls !== null
    ? [...new Set(Object.values(urls as Record<string, string>).map((url) => new URL(url).hostname))]
    : [];

async function resolved(hosts: readonly string[]): Promise<Record<string, boolean>> {
  const found = hosts.map(
    async (host) =>
      [
        host,
        await lookup(host).then(
          () => true,
          () => false,
        ),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(found));
}

/** What is wrong with the certificates that clients are shown, by URL; nothing where nobody answers, or it is not known where. */
async function served(outputs: OutputMap): Promise<Record<string, string>> {
  const values = Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]),
  );
  const { urls = {}, endpoint, ...published } = values as Partial<Published>;
  if (!endpoint?.address) return {};
  const problems = await inParallel(Object.values(urls), async (url) => {
    const answer = await ask(url, endpoint.address, published.caCertificate).catch(() => undefined);
    const problem = answer && certificateProblem(url, answer, published);
    return problem === undefined ? [] : [[url, problem] as const];
  });
  return Object.fromEntries(problems.flat());
}

function printDiagnoses(found: readonly Diagnosis[], stack: string): void {
  for (const { severity, about, message, advice, lines = [] } of found) {
    const mark = severity === "error" ? style("red", "error  ") : style("yellow", "warning");
    print(`${mark}  ${about} ${message}`, `         ${advice}`, ...lines.map((line) => `         | ${line}`));
  }
  const errors = found.filter(({ severity }) => severity === "error").length;
  if (found.length > 0) print("");
  print(
    found.length === 0
      ? style("green", `Nothing is wrong with stack ${stack}, as far as can be seen.`)
      : `Stack ${stack}: ${errors} errors, ${found.length - errors} warnings.`,
  );
}
