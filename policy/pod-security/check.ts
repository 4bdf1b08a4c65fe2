import type { Pod } from "./pod.ts";

/** One check of the Pod Security Standards: what is wrong with a pod, a sentence each; nothing if it passes. */
export type Check = (pod: Pod) => readonly string[];
