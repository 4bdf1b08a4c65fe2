import { Command } from "commander";

import { withJson } from "../base/output.ts";
import type { CheckOptions } from "./check.ts";

const HELP = `
The same rules as \`pulumi preview --policy-pack policy\` asks of a stack, for any YAML: what Helm or
Kustomize rendered, what \`slipway render\` wrote, what somebody sent. Pods are judged as Kubernetes' own
Pod Security admission judges them.

A rule is advisory, mandatory or disabled. --settings takes the file that Pulumi takes as
--policy-pack-config: for each rule a level, or an object with enforcementLevel and its own settings.

Examples:
  slipway check deployment.yaml
  helm template web ./chart | slipway check -
  slipway check rendered/ --settings policy/settings/prod.json
  slipway check --rules                     every rule, with what it asks for
`;

/** `slipway check`. */
export const checkCommand = withJson(
  new Command("check").description("hold Kubernetes objects in YAML against the policies"),
)
  .argument("[files...]", "files of YAML or JSON, directories of them, or - for standard input")
  .option("--settings <file>", "levels and settings of the rules, as for --policy-pack-config")
  .option(
    "--stack-name <project/stack>",
    "whose objects they are, for the rule about names of the cluster's scope",
  )
  .option("--rules", "list the rules instead")
  .addHelpText("after", HELP)
  .action(async (files: readonly string[], options: CheckOptions) => {
    // The policies load Pulumi's SDK, which takes half a second that no other verb waits for.
    const { check } = await import("./check.ts");
    await check(files, options);
  });
