import { readFile } from "node:fs/promises";

import { Command } from "commander";
import { parse } from "yaml";

import { findings, type Finding } from "../../policy/findings.ts";
import { rules, type Stack } from "../../policy/rules/index.ts";
import { readSettings, type Settings } from "../../policy/settings.ts";
import { CliError } from "../base/errors.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, style, table, withJson } from "../base/output.ts";
import { readObjects } from "./read.ts";

interface Options {
  readonly json?: boolean;
  readonly rules?: boolean;
  readonly settings?: string;
  readonly stackName?: string;
}

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
  .action(async (files: readonly string[], options: Options) => {
    const settings = await settingsOf(options.settings);
    if (options.rules) {
      printRules(settings, options.json === true);
      return;
    }
    if (files.length === 0) throw new CliError("no files are named", "Name some, or - for standard input.");
    const stack = stackOf(options.stackName);
    const objects = await readObjects(files);
    const found = findings(objects, { settings, ...(stack !== undefined && { stack }) });
    if (options.json) printJson({ objects: objects.length, findings: found });
    else printFindings(found, objects.length);
    process.exitCode = found.some(({ level }) => level === "mandatory") ? EXIT.found : EXIT.fine;
  });

async function settingsOf(file: string | undefined): Promise<Settings> {
  if (file === undefined) return readSettings({});
  const content = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(`${file} cannot be read`, "Name a file of JSON or YAML by --settings.", {
      cause: error,
    });
  });
  return readSettings(parse(content), file);
}

function stackOf(name: string | undefined): Stack | undefined {
  if (name === undefined) return undefined;
  const [project, stack, ...rest] = name.split("/");
  if (project && stack && rest.length === 0) return { project, stack };
  throw new CliError(`--stack-name ${name} is no project and stack`, "Write both, as in slipway/dev.");
}

function printRules(settings: Settings, json: boolean): void {
  const all = rules.map(({ name, description }) => ({
    rule: name,
    level: settings[name]?.level ?? "",
    description,
  }));
  if (json) printJson({ rules: all });
  else
    print(
      table(
        ["rule", "level", "asks that"],
        all.map(({ rule, level, description }) => [rule, level, description]),
      ),
    );
}

function printFindings(found: readonly Finding[], objects: number): void {
  if (found.length > 0) {
    const rows = found.map(({ level, rule, object, message }) => [
      level === "mandatory" ? style("red", level) : style("yellow", level),
      rule,
      object,
      message,
    ]);
    print(table(["level", "rule", "object", "what must be otherwise"], rows), "");
  }
  const mandatory = found.filter(({ level }) => level === "mandatory").length;
  print(
    found.length === 0
      ? style("green", `${objects} objects keep every rule.`)
      : `${objects} objects: ${mandatory} mandatory and ${found.length - mandatory} advisory findings.`,
  );
}
