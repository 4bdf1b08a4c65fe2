import { join } from "node:path";

import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
import { fullImageName, importBinaryImage } from "../cluster/index.ts";
import type { PushOptions } from "./buildah.ts";
import { pushNodeImage } from "./node-image.ts";

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
export const pushTraefikImage = (registry: string, options?: PushOptions): Promise<void> =>
  pushNodeImage(traefikImage, `${registry}/traefik:${TRAEFIK_VERSION}`, options);

/** The full name of Traefik's image: `docker.io/library/traefik:v3.7.11`. */
const traefikImage = fullImageName(`traefik:${TRAEFIK_VERSION}`);
