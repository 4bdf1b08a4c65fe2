import { groupOf } from "../../../kubernetes/object.ts";
import { specOf, type StackObject } from "../../objects/object.ts";
import { textAt, textsAt } from "../../preview/values.ts";
import type { Change, Changes } from "../change.ts";
import { enumerate, type Mark, markIf } from "./mark.ts";

/** Whether an object is one of cert-manager's that certificates come of. */
export const isRequested = ({ before, after, kind }: Change): boolean =>
  groupOf((after ?? before)?.apiVersion ?? "") === "cert-manager.io" &&
  ["Certificate", "Issuer", "ClusterIssuer"].includes(kind);

/** What a change of cert-manager's objects means for clients. What is new is waited for, and nobody is shown it before. */
export function requestedMarks(change: Change, all: Changes): readonly Mark[] {
  const { kind, operation, before, after } = change;
  if (before === undefined) return [];
  if (kind !== "Certificate") {
    const what =
      operation === "delete"
        ? "goes: what it has issued is not renewed"
        : "changes: certificates are issued anew";
    return markIf(true, "certificate", "danger", `cert-manager's ${kind} ${what}`);
  }
  if (after === undefined || operation === "delete") {
    return markIf(
      true,
      "certificate",
      "warning",
      `cert-manager's Certificate goes: nobody renews that of ${enumerate(hostsOf(before))}`,
    );
  }
  const marks = [
    ...issuerMarks(before, after),
    ...hostMarks(before, after, all),
    ...secretMarks(before, after),
  ];
  const touched = change.fields.some(({ path }) => path[0] === "spec");
  return marks.length > 0
    ? marks
    : markIf(
        touched || operation === "replace",
        "certificate",
        "warning",
        "cert-manager's Certificate changes: it is issued anew",
      );
}

const hostsOf = (object: StackObject): readonly string[] => textsAt(specOf(object), "dnsNames");

function issuerOf(object: StackObject): string {
  const at = (key: string): string | undefined => textAt(specOf(object), "issuerRef", key);
  return `${at("kind") ?? "Issuer"} ${at("name") ?? ""}`;
}

function issuerMarks(before: StackObject, after: StackObject): readonly Mark[] {
  const [was, will] = [issuerOf(before), issuerOf(after)];
  return markIf(
    was !== will,
    "certificate",
    "danger",
    `${will} issues it instead of ${was}: clients of ${enumerate(hostsOf(after))} have to trust whoever that is`,
  );
}

function hostMarks(before: StackObject, after: StackObject, { after: world }: Changes): readonly Mark[] {
  const [was, will] = [hostsOf(before), hostsOf(after)];
  const gone = was.filter((host) => !will.includes(host));
  const more = will.filter((host) => !was.includes(host));
  const asked = world.topology.paths.flatMap(({ rule }) => rule.addresses.map(({ host }) => host));
  const isServed = gone.some((host) => asked.includes(host));
  return [
    ...markIf(
      gone.length > 0,
      "certificate",
      isServed ? "danger" : "warning",
      `it is for ${enumerate(gone)} no longer${isServed ? ": clients who ask for that refuse it" : ""}`,
    ),
    ...markIf(
      more.length > 0,
      "certificate",
      "warning",
      `it is for ${enumerate(more)} too, once it is issued anew: until then clients are shown the one before`,
    ),
  ];
}

function secretMarks(before: StackObject, after: StackObject): readonly Mark[] {
  const [was, will] = [before, after].map((object) => textAt(specOf(object), "secretName") ?? "");
  return markIf(
    was !== will,
    "certificate",
    "warning",
    `it is kept in Secret ${will ?? ""} instead of ${was ?? ""}, which stays and is not renewed`,
  );
}
