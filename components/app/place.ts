import type { AppPlatform, Namespace } from "../platform/index.ts";

/** Further labels of an app's objects. */
export type Labels = Readonly<Record<string, string>> | undefined;

/** Where an app's objects are, and whose. */
export interface Place {
  readonly stack: AppPlatform["stack"];
  readonly namespace: Namespace;
  readonly labels: Labels;
}
