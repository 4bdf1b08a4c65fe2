import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runPulumi } from "../base/pulumi.ts";
import { inTemporary } from "../base/temporary.ts";
import { recover } from "../recover/recover.ts";
import { WITHOUT_CHECKPOINTS } from "../state/checkpoints.ts";
import type { BackendStack } from "../state/stacks.ts";

/**
 * Destroys a stack by `pulumi destroy`, in its own order, wherever its program is: nothing but its state is needed. What a killed
 * run left of it goes with it. The stack stays, with its history and without resources.
 *
 * @returns what Pulumi said where it failed
 */
export const destroyStack = ({ fullName, project }: BackendStack): Promise<string | undefined> =>
  inTemporary(async (directory) => {
    await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify({ name: project, runtime: "nodejs" }));
    await recover({ directory, project, stack: fullName, preview: "never" });
    const { stdout, stderr, code } = await runPulumi(
      ["destroy", "--yes", "--skip-preview", "--suppress-progress", "--stack", fullName],
      directory,
      // The stack's file is not here, but how its secrets are encrypted is in its state.
      {
        env: {
          TMPDIR: directory,
          PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
          ...WITHOUT_CHECKPOINTS,
        },
      },
    );
    if (code === 0) return undefined;
    const [, diagnostics = ""] = /^Diagnostics:\n(.*?)(?=^\S|$(?![\s\S]))/ms.exec(stdout) ?? [];
    return [stderr.trim(), diagnostics.trim()].filter((text) => text !== "").join("\n") || stdout.trim();
  });
