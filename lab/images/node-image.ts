import { join } from "node:path";

import { inTemporary } from "../../cli/base/temporary.ts";
import { exportImage } from "../cluster/index.ts";
import { loadImage, pushImage, type PushOptions } from "./buildah.ts";

/**
 * Pushes an image that the lab's node has.
 *
 * @param image its full name: `quay.io/metallb/speaker:v0.15.2`
 * @param reference what it is called from then on, registry first
 */
export const pushNodeImage = (image: string, reference: string, options?: PushOptions): Promise<void> =>
  inTemporary(async (directory) => {
    const archive = join(directory, "image.tar");
    await exportImage(image, archive);
    await loadImage(`oci-archive:${archive}`);
    await pushImage(image, reference, options);
  });
