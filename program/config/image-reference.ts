import { catalog } from "../../apps/catalog.ts";
import { imageReference } from "../../apps/images.ts";
import type { Canary } from "../../components/app/index.ts";
import type { AppSettings } from "./apps.ts";
import type { Settings } from "./schema.ts";

/** Reference of an image: one of apps/, or any; without a host of its own it is in the stack's registry. */
export function imageOf(image: string, { registry }: Settings): string {
  if (Object.hasOwn(catalog, image)) return imageReference(image, registry);
  const [host = "", ...path] = image.split("/");
  const hosted = path.length > 0 && (/[.:]/.test(host) || host === "localhost");
  return registry === undefined || hosted ? image : `${registry}/${image}`;
}

/** Containers by name with the references of their images. */
export const containersOf = <T extends { readonly image: string }>(
  containers: Readonly<Record<string, T>> | undefined,
  settings: Settings,
): Record<string, T> | undefined =>
  containers &&
  Object.fromEntries(
    Object.entries(containers).map(([name, container]) => [
      name,
      { ...container, image: imageOf(container.image, settings) },
    ]),
  );

/** A canary with the reference of its image, which is told its version where the app is. */
export function canaryOf(
  { image, ...canary }: NonNullable<AppSettings["canary"]>,
  told: boolean,
  settings: Settings,
): Canary {
  const reference = imageOf(image, settings);
  return { ...canary, image: reference, ...(told && { env: versionEnv(reference) }) };
}

/** Tells an image of apps/ its version. */
export const versionEnv = (reference: string): Record<string, string> => ({
  APP_VERSION: versionOf(reference) ?? "",
});

/** Tag of an image reference. */
export const versionOf = (reference: string): string | undefined =>
  /:([\w][\w.-]{0,127})$/.exec(reference.split("@")[0] ?? "")?.[1];
