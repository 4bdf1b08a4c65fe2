import { createTwoFilesPatch } from "diff";

import type { Rendering } from "./manifests.ts";

/** Name of the list of what has to be supplied, which stands in a difference beside the objects. */
const SUPPLIED = "secrets-to-supply";

/**
 * What two renderings have different, as a unified diff of their files that `patch -p1` takes; empty where they are the same. Secrets
 * are in it by the names of what they hold.
 */
export function differenceOf(before: Rendering, after: Rendering): string {
  const [old, now] = [filesOf(before), filesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((file) => old.get(file) !== now.get(file))
    .map((file) => {
      const name = (side: string, content: string | undefined): string =>
        content === undefined ? "/dev/null" : `${side}/${file}`;
      const [from, to] = [old.get(file), now.get(file)];
      const patch = createTwoFilesPatch(name("a", from), name("b", to), from ?? "", to ?? "");
      // The first line is of another format's.
      return patch.replace(/^=+\n/, "");
    })
    .join("");
}

const filesOf = ({ manifests, leftOut }: Rendering): ReadonlyMap<string, string> => {
  const supplied = leftOut.map(({ object, fields }) => `${object}: ${fields.join(", ")}\n`);
  return new Map([
    ...manifests.map(({ file, content }) => [file, content] as const),
    ...(supplied.length === 0 ? [] : [[SUPPLIED, supplied.join("")] as const]),
  ]);
};
