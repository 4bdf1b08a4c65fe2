/** The lab's images, as the rest of the lab sees them. */
export type { PushOptions } from "./buildah.ts";
export { appImages, buildImages, provideImages, type ImageSource } from "./build.ts";
export { pushMetallbImages } from "./metallb.ts";
export { makeImages, pushAppImages, type PublishOptions } from "./publish.ts";
export { provideTraefikImage, pushTraefikImage } from "./traefik.ts";
