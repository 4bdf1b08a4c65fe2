import { z } from "zod";

import { podOf } from "../objects.ts";
import { objectRule, setRule } from "./rule.ts";
import type { KubernetesObject } from "../../kubernetes/object.ts";

interface PolicyRule {
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly verbs?: readonly string[] | null;
  readonly nonResourceURLs?: readonly string[] | null;
}

const rulesOf = (object: KubernetesObject): readonly PolicyRule[] =>
  ["ClusterRole", "Role"].includes(object.kind) ? ((object["rules"] ?? []) as readonly PolicyRule[]) : [];

const words = ({ apiGroups, resources, nonResourceURLs, verbs }: PolicyRule): string =>
  `${(verbs ?? []).join(", ")} of ${[
    ...(resources ?? []).map((resource) => `${(apiGroups ?? [""]).join("|") || "core"}/${resource}`),
    ...(nonResourceURLs ?? []),
  ].join(", ")}`;

export const namedRights = objectRule({
  name: "named-rights",
  description: "Roles name what they are for, and are never all.",
  level: "mandatory",
  settings: z.object({}),
  check: (object) =>
    rulesOf(object)
      .filter(({ apiGroups, resources, verbs, nonResourceURLs }) =>
        [apiGroups, resources, verbs, nonResourceURLs].some((names) => (names ?? []).includes("*")),
      )
      .map((rule) => `must name what is allowed in place of *: ${words(rule)}`),
});

export const readOnlyRights = objectRule({
  name: "read-only-rights",
  description: "Roles are to read, but for the status of what their owner serves.",
  level: "advisory",
  settings: z.object({
    verbs: z.array(z.string()).default(["get", "list", "watch"]).describe("verbs that are to read"),
  }),
  check: (object, settings) =>
    rulesOf(object)
      .filter(
        ({ resources, verbs }) =>
          !(verbs ?? []).every((verb) => settings.verbs.includes(verb)) &&
          !(resources ?? []).every((resource) => resource.endsWith("/status")),
      )
      .map((rule) => `must not allow more than to read: ${words(rule)}`),
});

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export const neededTokens = setRule({
  name: "needed-tokens",
  description: "Pods hold a token of the API server only where their service account was given rights.",
  level: "advisory",
  settings: z.object({}),
  check: (objects) => {
    const bound = objects
      .filter(({ kind }) => ["ClusterRoleBinding", "RoleBinding"].includes(kind))
      .flatMap(({ metadata, ...binding }) =>
        ((binding["subjects"] ?? []) as readonly Subject[])
          .filter(({ kind }) => kind === "ServiceAccount")
          .map(({ name, namespace }) => `${namespace ?? metadata.namespace ?? ""}/${name}`),
      );
    const mounting = (account: string): boolean => {
      const object = objects.find(
        ({ kind, metadata: { name, namespace = "" } }) =>
          kind === "ServiceAccount" && `${namespace}/${name}` === account,
      );
      return object?.["automountServiceAccountToken"] !== false;
    };
    return objects.flatMap((object) => {
      const { spec } = podOf(object) ?? {};
      if (spec === undefined) return [];
      const account = `${object.metadata.namespace ?? ""}/${spec.serviceAccountName ?? "default"}`;
      const mounts = spec.automountServiceAccountToken ?? mounting(account);
      return mounts && !bound.includes(account)
        ? [[object, "must set automountServiceAccountToken=false"] as const]
        : [];
    });
  },
});
