import { objectName } from "./names.ts";
import { rule } from "./rule.ts";

/** The part of a label's or annotation's key after the `/`. */
const isNamePart = (text: string): boolean => /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text);

function isQualifiedName(text: string): boolean {
  const [first = "", name, ...rest] = text.split("/");
  if (rest.length > 0) return false;
  return name === undefined ? isNamePart(first) : objectName.test(first) && isNamePart(name);
}

/**
 * Key of a label.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set}.
 */
export const labelKey = rule<string>(
  "must be a label's key: at most 63 letters, digits, -, _ and ., optionally after a DNS name and /",
  isQualifiedName,
);

/**
 * Value of a label.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set}.
 */
export const labelValue = rule<string>(
  "must be a label's value: at most 63 letters, digits, -, _ and ., a letter or digit at the ends",
  (text) => text === "" || isNamePart(text),
);

/**
 * Key of an annotation, whose DNS name may have capitals.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set}.
 */
export const annotationKey = rule<string>(
  "must be an annotation's key: at most 63 letters, digits, -, _ and ., optionally after a DNS name and /",
  (text) => isQualifiedName(text.toLowerCase()),
);
