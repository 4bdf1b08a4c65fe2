import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../../base/run.ts";
import type { ProgramFile } from "../binary-image.ts";
import { kubeconfigFile } from "../layout.ts";

/** A chart as it is installed. */
interface Release {
  readonly name: string;
  /** Directory of the chart. */
  readonly chart: string;
  readonly namespace: string;
  readonly values: object;
}

/** Installs a chart, or brings it up to date, and waits until its pods are ready. */
export async function installChart(
  program: ProgramFile,
  { name, chart, namespace, values }: Release,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-chart-"));
  try {
    const file = join(directory, "values.json");
    await writeFile(file, JSON.stringify(values));
    const place = ["--namespace", namespace, "--values", file];
    await run(program("helm"), ["upgrade", "--install", name, chart, ...place, "--wait", "--timeout", "5m"], {
      log: "charts",
      env: { KUBECONFIG: kubeconfigFile },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
