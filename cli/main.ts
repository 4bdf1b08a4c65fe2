#!/usr/bin/env node
/** The command line `slipway`; docs/cli.md is its manual. */
import { CommanderError } from "commander";

import { explained } from "./base/errors.ts";
import { EXIT } from "./base/exit.ts";
import { createProgram } from "./program.ts";

// Whoever reads us may have enough: `slipway … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.fine);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitOf(error);
}

function exitOf(error: unknown): number {
  // Commander has said what is wrong, or printed the help it was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  const text = explained(error);
  if (text === undefined) throw error;
  process.stderr.write(`${text}\n`);
  return EXIT.error;
}
