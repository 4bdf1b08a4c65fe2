import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
import { exportImage, fullImageName, importBinaryImage } from "../cluster/index.ts";
import { loadImage, pushImage, type PushOptions } from "./buildah.ts";

/**
 * Brings Traefik's image to the lab's node, under the very name that the chart gives it by default. It holds the binary
 * and nothing else; user, ports and mounts are the chart's business.
 *
 * @param bin directory of the binary `traefik`
 */
export async function provideTraefikImage(bin: string): Promise<void> {
  await importBinaryImage(traefikImage, join(bin, "traefik"));
}

/** Pushes the node's image of Traefik to a registry: `<registry>/traefik:v3.7.11`. */
export async function pushTraefikImage(registry: string, options?: PushOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-traefik-"));
  try {
    const archive = join(directory, "image.tar");
    await exportImage(traefikImage, archive);
    await loadImage(`oci-archive:${archive}`);
    await pushImage(traefikImage, `${registry}/traefik:${TRAEFIK_VERSION}`, options);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The full name of Traefik's image: `docker.io/library/traefik:v3.7.11`. */
const traefikImage = fullImageName(`traefik:${TRAEFIK_VERSION}`);
