import { z } from "zod";

import { LEVELS } from "../pod-security/index.ts";
import { objectRule, setRule } from "./rule.ts";
import { describeRef, refOf } from "../../kubernetes/object.ts";

export const requiredLabels = objectRule({
  name: "required-labels",
  description: "Objects carry the labels that say whose they are.",
  level: "advisory",
  settings: z.object({
    labels: z
      .array(z.string())
      .default(["app.kubernetes.io/managed-by"])
      .describe("labels that every object carries"),
  }),
  check: ({ metadata }, { labels }) => {
    const missing = labels.filter((label) => !(label in (metadata.labels ?? {})));
    return missing.length === 0 ? [] : [`must carry ${missing.join(", ")}`];
  },
});

/** Labels that a new version of an app, or a moved date, would change. */
const CHANGING =
  /^(app\.kubernetes\.io\/version|helm\.sh\/chart|version|slipway\.dev\/expires|pod-template-hash)$/;

export const stableSelectors = objectRule({
  name: "stable-selectors",
  description:
    "Selectors are made of labels that never change: a workload's cannot be changed, only replaced.",
  level: "advisory",
  settings: z.object({
    allowed: z
      .array(z.string())
      .optional()
      .describe("the only labels that selectors may name; without, all but those that change with a version"),
  }),
  check: (object, { allowed }) => {
    const { selector } = (object["spec"] ?? {}) as {
      selector?: Readonly<Record<string, unknown>> & { matchLabels?: Readonly<Record<string, string>> };
    };
    const bad = Object.keys(selector?.matchLabels ?? selector ?? {}).filter((label) =>
      allowed === undefined ? CHANGING.test(label) : !allowed.includes(label),
    );
    return bad.length === 0 ? [] : [`must not select by ${bad.join(", ")}`];
  },
});

export const namespaceSecurity = objectRule({
  name: "namespace-security",
  description: "Namespaces refuse pods that do not keep a level of the Pod Security Standards.",
  level: "mandatory",
  settings: z.object({
    level: z
      .enum(LEVELS)
      .default("restricted")
      .describe("the level that namespaces enforce, or a stricter one"),
    exempt: z.array(z.string()).default([]).describe("namespaces that are left alone"),
  }),
  check: ({ apiVersion, kind, metadata }, { level, exempt }) => {
    if (apiVersion !== "v1" || kind !== "Namespace" || exempt.includes(metadata.name)) return [];
    const enforced = metadata.labels?.["pod-security.kubernetes.io/enforce"] ?? "privileged";
    const rank = (LEVELS as readonly string[]).indexOf(enforced);
    return rank >= LEVELS.indexOf(level)
      ? []
      : [`must be labelled pod-security.kubernetes.io/enforce=${level}`];
  },
});

export const ownNamespaces = setRule({
  name: "own-namespaces",
  description: "Objects lie in namespaces that are made with them.",
  level: "advisory",
  settings: z.object({
    others: z.array(z.string()).default([]).describe("further namespaces that objects may lie in"),
  }),
  check: (objects, { others }) => {
    const own = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
    // What makes no namespace lies in somebody else's by intention.
    if (own.length === 0) return [];
    return objects
      .filter(
        ({ metadata: { namespace } }) =>
          namespace !== undefined && !own.includes(namespace) && !others.includes(namespace),
      )
      .map((object) => [object, `must lie in one of ${[...own, ...others].join(", ")}`]);
  },
});

export const noDefaultClass = objectRule({
  name: "no-default-class",
  description: "Nothing becomes the whole cluster's default.",
  level: "mandatory",
  settings: z.object({}),
  check: ({ metadata }) =>
    Object.entries(metadata.annotations ?? {})
      .filter(([key, value]) => key.endsWith(".kubernetes.io/is-default-class") && value === "true")
      .map(([key]) => `must not be annotated ${key}=true`),
});

const SHARED = ["ClusterRole", "ClusterRoleBinding", "IngressClass", "GatewayClass", "PriorityClass"];

export const scopedNames = objectRule({
  name: "scoped-names",
  description: "Objects of the cluster's scope are called after their stack, so that two stacks do not meet.",
  level: "advisory",
  settings: z.object({
    kinds: z.array(z.string()).default(SHARED).describe("kinds that are looked at"),
  }),
  check: ({ kind, metadata: { name } }, { kinds }, stack) => {
    if (stack === undefined || !kinds.includes(kind)) return [];
    const wanted = `${stack.project}-${stack.stack}`;
    return name.includes(wanted) ? [] : [`must have ${wanted} in its name`];
  },
});

export const encodedSecrets = objectRule({
  name: "encoded-secrets",
  description:
    "Secrets have data in base64: with stringData, which the cluster takes away, no preview is empty.",
  level: "advisory",
  settings: z.object({}),
  check: ({ kind, ...object }) =>
    kind === "Secret" && object["stringData"] != null ? ["must have data in place of stringData"] : [],
});

/** Shorter texts stand in many places by chance. */
const SHORTEST = 8;

export const keptSecrets = setRule({
  name: "kept-secrets",
  description: "What a Secret holds is in no other object.",
  level: "mandatory",
  settings: z.object({}),
  check: (objects) => {
    const isSecret = ({ kind }: { readonly kind: string }): boolean => kind === "Secret";
    const secrets = objects.filter(isSecret).flatMap((secret) => {
      const values = { ...(secret["data"] as object), ...(secret["stringData"] as object) };
      return Object.entries(values as Record<string, unknown>).flatMap(([key, value]) =>
        // Certificates are public.
        /\.(crt|pem)$/.test(key) || typeof value !== "string"
          ? []
          : formsOf(value).map((form) => ({ form, of: `${describeRef(refOf(secret))} ${key}` })),
      );
    });
    return objects
      .filter((object) => !isSecret(object))
      .flatMap((object) => {
        const text = JSON.stringify(object);
        const found = secrets.filter(({ form }) => text.includes(form)).map(({ of }) => of);
        return [...new Set(found)].map((of) => [object, `must not hold what is in ${of}`] as const);
      });
  },
});

/** A secret as it is given, in base64, and as JSON would have it. */
function formsOf(value: string): readonly string[] {
  const plain = Buffer.from(value, "base64").toString("utf8");
  const forms = [value.replace(/=+$/, ""), JSON.stringify(plain).slice(1, -1)];
  return forms.filter((form) => form.length >= SHORTEST && !form.includes("\uFFFD"));
}
