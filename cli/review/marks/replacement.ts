import { hasUnknown } from "../../preview/values.ts";
import { pathText } from "../fields.ts";
import { enumerate, type Mark, markIf, type Rule } from "./mark.ts";
import { describeRef } from "../../../kubernetes/object.ts";

/** What is deleted, for ever or to be made anew, and why. */
export const replacementMarks: Rule = (change, { before }) => {
  switch (change.operation) {
    case "delete":
      return [
        {
          kind: "delete",
          severity: "warning",
          reason:
            change.kind === "Namespace"
              ? `goes with everything in it${contents(change.before?.name, before.objects)}`
              : "goes",
        },
      ];
    case "keep":
      return [
        {
          kind: "delete",
          severity: "notice",
          reason: `the stack forgets it; it stays in the cluster${
            change.kind === "PersistentVolumeClaim" ? " with its data, and nothing uses or removes it" : ""
          }`,
        },
      ];
    case "replace":
      return replaced(change);
    default:
      return [];
  }
};

function contents(namespace: string | undefined, objects: Parameters<Rule>[1]["before"]["objects"]): string {
  const inside = objects.filter((object) => object.namespace === namespace).map(describeRef);
  return inside.length === 0 ? "" : `: ${enumerate(inside)}`;
}

const replaced: (change: Parameters<Rule>[0]) => readonly Mark[] = ({
  fields,
  step,
  before,
  after,
  formerTitle,
}) => {
  const forcing = fields.filter(({ replaces }) => replaces);
  const paths =
    forcing.length > 0
      ? forcing.map(({ path }) => pathText(path))
      : step.changes.filter(({ replaces }) => replaces).map(({ path }) => path);
  const why =
    paths.length === 0
      ? "Pulumi does not say what forces it"
      : `${enumerate([...new Set(paths)])} ${paths.length === 1 ? "forces" : "force"} it`;
  const uncertain = forcing.length > 0 && forcing.every(({ after: value }) => hasUnknown(value));
  const order =
    before?.apiVersion === ""
      ? ""
      : formerTitle === undefined
        ? "; the old one is deleted before the new one is made"
        : `; ${formerTitle} goes`;
  const doubt = uncertain
    ? "; its new value is known only after up, and if it stays the same nothing is replaced"
    : "";
  return markIf(before !== undefined || after !== undefined, "replace", "warning", `${why}${order}${doubt}`);
};
