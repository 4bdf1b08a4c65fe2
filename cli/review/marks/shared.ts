import { annotationsOf, type StackObject } from "../../objects/object.ts";
import { textAt } from "../../preview/values.ts";
import { markIf, type Rule } from "./mark.ts";

/** Kinds that every stack of a cluster sees, and what they are to it. */
const SHARED: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "every stack of the cluster has objects of this kind, or may have",
  IngressClass: "routes of any stack may name this class",
  GatewayClass: "gateways of any stack may name this class",
  StorageClass: "claims of any stack may name this class",
  PriorityClass: "pods of any stack may name this class",
  RuntimeClass: "pods of any stack may name this class",
  VolumeSnapshotClass: "snapshots of any stack may name this class",
  APIService: "it serves a part of the cluster's API",
  ValidatingWebhookConfiguration: "it is asked before objects of any stack are changed",
  MutatingWebhookConfiguration: "it may change objects of any stack",
  ValidatingAdmissionPolicy: "it is asked before objects of any stack are changed",
  ClusterRole: "bindings of any stack may name it",
};

/** Kinds of which one more is felt by others too. */
const FELT_AT_ONCE = new Set([
  "APIService",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "ValidatingAdmissionPolicy",
]);

/** Objects that other stacks of the cluster use as well. */
export const sharedMarks: Rule = ({ kind, operation, before, after }) => {
  const why = SHARED[kind];
  if (why === undefined || operation === "keep") return [];
  const becomesDefault =
    after !== undefined && isDefault(after) && !(before !== undefined && isDefault(before));
  if (becomesDefault) {
    return markIf(
      true,
      "shared",
      "danger",
      "it becomes the cluster's default: whatever names no class gets this one",
    );
  }
  if (operation === "create") return markIf(FELT_AT_ONCE.has(kind), "shared", "warning", why);
  const goes = operation === "delete" || operation === "replace";
  return markIf(true, "shared", goes ? "danger" : "warning", why);
};

const isDefault = (object: StackObject): boolean =>
  ["ingressclass.kubernetes.io", "storageclass.kubernetes.io"].some(
    (domain) => textAt(annotationsOf(object), `${domain}/is-default-class`) === "true",
  );
