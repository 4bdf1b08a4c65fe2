import { mapAt, textAt, textsAt, valueAt, wordAt } from "../../preview/values.ts";
import type { Change } from "../change.ts";
import { enumerate, markIf, type Rule } from "./mark.ts";
import { isData } from "./pods.ts";
import { isRequested, requestedMarks } from "./requested.ts";

/** What is issued by @pulumi/tls, and what it is called. */
const ISSUED: Readonly<Record<string, string>> = {
  SelfSignedCert: "certificate",
  LocallySignedCert: "certificate",
  PrivateKey: "private key",
};

/** Certificates, keys and authorities that are made anew. */
export const certificateMarks: Rule = (change, all) => {
  const { kind, operation, before, after, type } = change;
  if (before === undefined || operation === "keep") return [];
  if (type.startsWith("tls:") && kind in ISSUED) {
    if (isAuthority(change)) {
      return markIf(
        operation !== "update",
        "certificate",
        "danger",
        operation === "delete"
          ? "an authority goes: nothing can be issued by it any more"
          : "an authority is issued anew: every client has to trust the new one",
      );
    }
    const verb = operation === "delete" ? "goes" : "is issued anew";
    const weaker =
      strength(before) > strength(after) && after !== undefined
        ? `, and is weaker (${keyText(after)} instead of ${keyText(before)})`
        : "";
    return markIf(
      operation !== "update" || weaker !== "",
      "certificate",
      weaker === "" ? "warning" : "danger",
      `a ${ISSUED[kind] ?? kind} ${verb}${weaker}`,
    );
  }
  if (isRequested(change)) return requestedMarks(change, all);
  if (kind === "Secret" && textAt(before.body, "type") === "kubernetes.io/tls") {
    const touched = operation !== "update" || change.fields.some(isData);
    const hosts = [...(all.before.reach.get(change.title) ?? [])];
    const where = hosts.length === 0 ? "" : ` of ${enumerate(hosts)}`;
    return markIf(
      touched,
      "certificate",
      "warning",
      `the certificate${where} ${operation === "delete" ? "goes" : "is another one from then on"}`,
    );
  }
  return [];
};

/** Whether it is the certificate of an authority, or the key of one. */
export function isAuthority({ kind, before, after }: Change): boolean {
  const body = (after ?? before)?.body;
  return (
    (kind === "SelfSignedCert" || kind === "LocallySignedCert") &&
    (valueAt(body, "isCaCertificate") === true || textsAt(body, "allowedUses").includes("cert_signing"))
  );
}

type Side = Change["before"];

/** How strong a key is, in the bits of a symmetric one that is as strong. Source: NIST SP 800-57, table 2. */
function strength(side: Side): number {
  const body = mapAt(side?.body);
  switch (textAt(body, "algorithm")) {
    case "RSA": {
      const bits = Number(valueAt(body, "rsaBits") ?? 2048);
      return bits < 2048 ? 80 : bits < 3072 ? 112 : bits < 7680 ? 128 : 192;
    }
    case "ECDSA":
      return { P224: 112, P256: 128, P384: 192, P521: 256 }[textAt(body, "ecdsaCurve") ?? "P224"] ?? 0;
    case "ED25519":
      return 128;
    default:
      return 0;
  }
}

const keyText = (side: Side): string => {
  const algorithm = textAt(side?.body, "algorithm") ?? "";
  const key = algorithm === "RSA" ? "rsaBits" : "ecdsaCurve";
  return valueAt(side?.body, key) === undefined ? algorithm : `${algorithm} ${wordAt(side?.body, key)}`;
};
