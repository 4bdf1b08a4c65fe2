import { hasSecret, hasUnknown } from "../../preview/values.ts";
import { conceal, concealed } from "../conceal.ts";
import { pathText } from "../fields.ts";
import { enumerate, markIf, type Rule } from "./mark.ts";
import { isData } from "./pods.ts";

/** Secrets that change, and such as stand where everybody can read them. */
export const secretMarks: Rule = ({ fields, kind, after, operation, type }) => {
  if (operation === "delete" || operation === "keep") return [];
  const changed = fields.filter((field) => {
    return (
      (kind === "Secret" && isData(field)) ||
      hasSecret(field.before) ||
      hasSecret(field.after) ||
      conceal(field, kind).plain.length > 0
    );
  });
  const plain = [...new Set(after === undefined ? [] : concealed(after.body, kind).plain)];
  const password = type.startsWith("random:") && operation === "replace";
  return [
    ...markIf(
      changed.length > 0,
      "secret",
      "notice",
      `${enumerate(changed.map(({ path }) => pathText(path)))} ${changed.length === 1 ? "changes" : "change"}; no value is shown`,
    ),
    ...markIf(password, "secret", "warning", "a new one is made up; whoever uses the old one has to get it"),
    ...markIf(
      plain.length > 0,
      "plain-secret",
      "danger",
      `${enumerate(plain)} looks like a secret and is not kept as one: it is in plain in Pulumi's state and in every preview`,
    ),
  ];
};

/** Fields whose new value only the update will tell. */
export const unknownMarks: Rule = ({ fields }) => {
  const unknown = fields.filter(({ after }) => hasUnknown(after)).map(({ path }) => pathText(path));
  return markIf(
    unknown.length > 0,
    "unknown",
    "notice",
    `${enumerate(unknown)} ${unknown.length === 1 ? "is" : "are"} known only after up`,
  );
};
