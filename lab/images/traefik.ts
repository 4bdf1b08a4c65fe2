import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "yaml";

import { projectDir } from "../base/paths.ts";
import { fullImageName, importBinaryImage } from "../cluster/index.ts";

/**
 * Brings Traefik's image to the lab's node, under the very name that the chart gives it by default. It holds the binary
 * and nothing else; user, ports and mounts are the chart's business.
 *
 * @param bin directory of the binary `traefik`
 */
export async function provideTraefikImage(bin: string): Promise<void> {
  await importBinaryImage(await traefikImage(), join(bin, "traefik"));
}

/** The full name of Traefik's image: `docker.io/library/traefik:v3.7.11`. */
export async function traefikImage(): Promise<string> {
  const chart = parse(await readFile(join(projectDir, "lab/chart/traefik/Chart.yaml"), "utf8")) as {
    readonly appVersion: string;
  };
  return fullImageName(`traefik:${chart.appVersion}`);
}
