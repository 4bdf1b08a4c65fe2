import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterAll, beforeAll, vi } from "vitest";

/** Puts a shell script in the place of kubectl, for the tests of one file. */
export function useKubectl(script: string): void {
  const directory = mkdtempSync(join(tmpdir(), "slipway-kubectl-"));
  beforeAll(() => {
    writeFileSync(join(directory, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv("PATH", `${directory}${delimiter}${process.env["PATH"] ?? ""}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
}
