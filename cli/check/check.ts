import { readFile } from "node:fs/promises";

import { parse } from "yaml";

import { findings, type Finding } from "../../policy/findings.ts";
import { rules, type Stack } from "../../policy/rules/index.ts";
import { readSettings, type Settings } from "../../policy/settings.ts";
import { CliError } from "../base/errors.ts";
import { EXIT } from "../base/exit.ts";
import { print, printJson, style, table } from "../base/output.ts";
import { readObjects } from "./read.ts";

/** What `slipway check` may be told. */
export interface CheckOptions {
  readonly json?: boolean;
  readonly rules?: boolean;
  readonly settings?: string;
  readonly stackName?: string;
}

/** Holds the objects of files against the policies, and prints what breaks them, or the rules themselves. */
export async function check(files: readonly string[], options: CheckOptions): Promise<void> {
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
}

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
