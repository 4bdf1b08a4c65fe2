import { metallbImages } from "../cluster/index.ts";
import type { PushOptions } from "./buildah.ts";
import { pushNodeImage } from "./node-image.ts";

/** Pushes the node's images of MetalLB to a registry: `<registry>/metallb/speaker:v0.15.2`. */
export async function pushMetallbImages(registry: string, options?: PushOptions): Promise<void> {
  for (const image of metallbImages) {
    const path = image.slice(image.indexOf("/"));
    await pushNodeImage(image, `${registry}${path}`, options);
  }
}
