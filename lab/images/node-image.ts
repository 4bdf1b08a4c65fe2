import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { exportImage } from "../cluster/index.ts";
import { loadImage, pushImage, type PushOptions } from "./buildah.ts";

/**
 * Pushes an image that the lab's node has.
 *
 * @param image its full name: `quay.io/metallb/speaker:v0.15.2`
 * @param reference what it is called from then on, registry first
 */
export async function pushNodeImage(image: string, reference: string, options?: PushOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-image-"));
  try {
    const archive = join(directory, "image.tar");
    await exportImage(image, archive);
    await loadImage(`oci-archive:${archive}`);
    await pushImage(image, reference, options);
  } finally {
    await rm(directory, { recursive: true });
  }
}
