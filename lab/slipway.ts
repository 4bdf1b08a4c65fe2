import { spawn } from "node:child_process";
import { join } from "node:path";

import { trackGroup } from "./base/interrupt.ts";
import { projectDir } from "./base/paths.ts";
import { commandEnvironment } from "./env.ts";

/**
 * Runs `slipway` with the lab's settings, on the terminal of whoever called.
 *
 * @returns its exit code
 */
export async function runSlipway(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(projectDir, "cli", "main.ts"), ...args], {
    cwd: projectDir,
    env: { ...process.env, ...commandEnvironment() },
    stdio: "inherit",
    detached: true,
  });
  const forget = child.pid === undefined ? undefined : trackGroup(child.pid);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    forget?.();
  }
}
