import { writeFile } from "node:fs/promises";

import { Command, Option } from "commander";

import { isKubernetes, objectOf } from "../objects/object.ts";
import { CliError } from "../base/errors.ts";
import { print } from "../base/output.ts";
import { withProject } from "../base/project.ts";
import { previewFrom } from "../preview/input.ts";
import type { PreviewOptions } from "../preview/run.ts";
import { hideSecrets } from "../review/conceal.ts";
import { prepareLayout } from "../topology/layout.ts";
import { mermaidOf } from "../topology/mermaid.ts";
import { svgOf } from "../topology/svg.ts";
import { type Topology, topologyOf } from "../topology/topology.ts";

interface GraphOptions extends PreviewOptions {
  readonly format: "mermaid" | "svg" | "json";
  readonly output?: string;
}

const FORMATS: Readonly<Record<GraphOptions["format"], (topology: Topology) => string | Promise<string>>> = {
  mermaid: (topology) => mermaidOf(topology),
  svg: (topology) => svgOf(topology),
  json: (topology) => JSON.stringify(topology, undefined, 2),
};

/** `slipway graph`: how requests get from hosts to pods. */
export const graphCommand = withProject(
  new Command("graph")
    .description("Draw how requests get from hosts over routes, middlewares and Services to pods")
    .argument(
      "[file]",
      "JSON of a preview, digest with --show-sames or events (default: runs pulumi preview)",
    ),
)
  .addOption(
    new Option("-f, --format <format>", "what to draw it as")
      .choices(Object.keys(FORMATS))
      .default("mermaid"),
  )
  .option("-o, --output <file>", "write to a file instead of standard output")
  .addHelpText(
    "after",
    "\nExamples:\n  slipway graph --stack dev\n  slipway graph --stack dev --format svg --output dev.svg",
  )
  .action(async (file: string | undefined, options: GraphOptions) => {
    const { steps, failed, diagnostics } = await previewFrom(file, {
      ...options,
      meanwhile: options.format === "svg" ? () => void prepareLayout() : undefined,
    });
    if (failed) {
      const reasons = diagnostics.flatMap(({ severity, message }) =>
        severity === "error" ? hideSecrets(message) : [],
      );
      throw new CliError(
        ["the preview failed, and half a picture would mislead:", ...reasons].join("\n"),
        "slipway review tells all of it.",
      );
    }
    const objects = steps.flatMap((step) =>
      step.after !== undefined && step.custom && isKubernetes(step.type) ? [objectOf(step, step.after)] : [],
    );
    const drawn = await FORMATS[options.format](topologyOf(objects));
    if (options.output === undefined) print(drawn);
    else await writeFile(options.output, `${drawn}\n`);
  });
