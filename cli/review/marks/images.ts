import type { StackObject } from "../../objects/object.ts";
import { containersOf, templateOf } from "../../objects/pods.ts";
import { textAt } from "../../preview/values.ts";
import { enumerate, markIf, type Rule } from "./mark.ts";

/** Tags that people push anew. */
const MOVING =
  /^(latest|main|master|trunk|edge|nightly|dev|develop|devel|snapshot|canary|stable|rolling|head)$/i;

/** Images whose tag says nothing of what they are. */
export const imageMarks: Rule = ({ before, after, operation }) => {
  if (after === undefined || operation === "keep") return [];
  const moving = imagesOf(after).filter(isMoving);
  const known = new Set(before === undefined ? [] : imagesOf(before));
  const fresh = moving.filter((image) => !known.has(image));
  const reason = (images: readonly string[]): string =>
    `${enumerate(images)} may be another image tomorrow: name a version, or a digest`;
  if (fresh.length > 0) return markIf(true, "image", "warning", reason(fresh));
  return markIf(moving.length > 0, "image", "notice", reason(moving));
};

const imagesOf = (object: StackObject): readonly string[] => [
  ...new Set(containersOf(templateOf(object)).flatMap((container) => textAt(container, "image") ?? [])),
];

/** Whether what an image's name stands for may change: no digest, and no tag or one that moves. */
export function isMoving(image: string): boolean {
  if (image.includes("@")) return false;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const tag = name.includes(":") ? name.slice(name.indexOf(":") + 1) : "latest";
  return MOVING.test(tag);
}
