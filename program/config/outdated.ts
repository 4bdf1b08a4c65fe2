import type { Problem } from "../../components/base/errors.ts";
import { keyOf, valuesOf } from "./keys.ts";

const isOld = (text: unknown): boolean => typeof text === "string" && text.includes("containo.us");

/** Every key and text that holds a name which Traefik has given up. */
export const outdated = (data: unknown): Problem[] =>
  [...valuesOf(data)]
    .filter(([path, value]) => isOld(path.at(-1)) || isOld(value))
    .map(([path, value]) => ({
      key: keyOf(path),
      value,
      allowed: "is outdated: traefik.containo.us is traefik.io since Traefik 3",
    }));
