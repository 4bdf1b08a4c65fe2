import { Command } from "commander";

import { EXIT_HELP } from "./base/exit.ts";
import { checkCommand } from "./check/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { driftCommand } from "./drift/command.ts";
import { expireCommand } from "./expire/command.ts";
import { extendCommand } from "./extend/command.ts";
import { graphCommand } from "./graph/command.ts";
import { kubeconfigCommand } from "./kubeconfig/command.ts";
import { recoverCommand } from "./recover/command.ts";
import { residueCommand } from "./residue/command.ts";
import { renderCommand } from "./render/command.ts";
import { reviewCommand } from "./review/command.ts";

/** Every verb, in the order of `slipway --help`. */
const verbs: readonly Command[] = [
  reviewCommand,
  graphCommand,
  checkCommand,
  renderCommand,
  driftCommand,
  doctorCommand,
  recoverCommand,
  expireCommand,
  extendCommand,
  residueCommand,
  kubeconfigCommand,
];

/** The whole command line. It throws commander's `CommanderError` where commander would end the process. */
export function createProgram(): Command {
  const program = new Command("slipway")
    .description("Review, drift, teardown and troubleshooting for Pulumi stacks on Kubernetes")
    .addHelpText("after", EXIT_HELP)
    .showHelpAfterError("(--help tells more)")
    .exitOverride();
  for (const verb of verbs)
    program.addCommand(verb.copyInheritedSettings(program).addHelpText("after", EXIT_HELP));
  return program;
}
