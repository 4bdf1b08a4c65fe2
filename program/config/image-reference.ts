import { catalog } from "../../apps/catalog.ts";
import { imageReference } from "../../apps/images.ts";
import type { Settings } from "../settings/index.ts";

/** Reference of an image: one of apps/, or any; without a host of its own it is in the stack's registry. */
export function imageOf(image: string, { registry }: Settings): string {
  if (Object.hasOwn(catalog, image)) return imageReference(image, registry);
  const [host = "", ...path] = image.split("/");
  const hosted = path.length > 0 && (/[.:]/.test(host) || host === "localhost");
  return registry === undefined || hosted ? image : `${registry}/${image}`;
}

/** Tells an image of apps/ its version. */
export const versionEnv = (reference: string): Record<string, string> => ({
  APP_VERSION: versionOf(reference) ?? "",
});

/** Tag of an image reference. */
export const versionOf = (reference: string): string | undefined =>
  /:([\w][\w.-]{0,127})$/.exec(reference.split("@")[0] ?? "")?.[1];
