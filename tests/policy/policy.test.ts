import { beforeAll, describe, expect, it } from "vitest";

import { noHelm } from "../unit/traefik/charts.ts";
import {
  containersOf,
  idOf,
  objectsOf,
  PASSWORD,
  podsOf,
  STACKS,
  type Made,
  type Pod,
  type StackObjects,
} from "./objects.ts";

/** Names for the offenders, so that a failure says who and what. */
const offenders = <T>(all: readonly T[], isGood: (one: T) => boolean, name: (one: T) => string): string[] =>
  all.filter((one) => !isGood(one)).map(name);

describe.each(STACKS)("stack %s", (stack) => {
  let made: StackObjects;
  let all: readonly Made[];
  let pods: readonly Pod[];

  beforeAll(async () => {
    made = await objectsOf(stack);
    all = [...made.own, ...made.chart];
    pods = podsOf(all);
  });

  const ofKind = (kind: string): readonly Made[] => all.filter((object) => object.kind === kind);

  it("makes the objects that the rules below are about", ({ skip }) => {
    for (const kind of ["Namespace", "Deployment", "Service", "Secret", "IngressRoute"])
      expect(ofKind(kind), kind).not.toEqual([]);
    skip(noHelm !== undefined, noHelm);
    for (const kind of ["ClusterRole", "IngressClass"]) expect(ofKind(kind), kind).not.toEqual([]);
  });

  describe("pods", () => {
    it("run without any privilege that the restricted standard takes away", () => {
      const restricted = (pod: Pod): boolean =>
        containersOf(pod).every(({ securityContext = {} }) => {
          const of = { ...(pod.spec["securityContext"] as object), ...securityContext } as Record<
            string,
            unknown
          >;
          return (
            of["runAsNonRoot"] === true &&
            of["runAsUser"] !== 0 &&
            of["allowPrivilegeEscalation"] === false &&
            of["privileged"] !== true &&
            JSON.stringify(of["capabilities"]) === '{"drop":["ALL"]}' &&
            (of["seccompProfile"] as { type?: string } | undefined)?.type === "RuntimeDefault"
          );
        });
      expect(offenders(pods, restricted, ({ of }) => of)).toEqual([]);
    });

    it("share nothing with the node", () => {
      const apart = ({ spec }: Pod): boolean =>
        !["hostNetwork", "hostPID", "hostIPC"].some((key) => spec[key] === true) &&
        !((spec["volumes"] ?? []) as object[]).some((volume) => "hostPath" in volume);
      expect(offenders(pods, apart, ({ of }) => of)).toEqual([]);
    });

    it("cannot write to their root file system", () => {
      const readOnly = (pod: Pod): boolean =>
        containersOf(pod).every(
          ({ securityContext }) => securityContext?.["readOnlyRootFilesystem"] === true,
        );
      expect(offenders(pods, readOnly, ({ of }) => of)).toEqual([]);
    });

    it("say what they need and how much they may take, of CPU and memory", () => {
      const bounded = (pod: Pod): boolean =>
        containersOf(pod).every(({ resources: { requests = {}, limits = {} } = {} }) =>
          [requests, limits].every((amounts) => "cpu" in amounts && "memory" in amounts),
        );
      expect(offenders(pods, bounded, ({ of }) => of)).toEqual([]);
    });

    it("run images of a fixed version", () => {
      const images = pods.flatMap((pod) => containersOf(pod).map(({ image }) => image));
      expect(
        offenders(images, (image) => /[:@][^/]+$/.test(image) && !image.endsWith(":latest"), String),
      ).toEqual([]);
    });

    it("are asked whether they are ready", () => {
      const asked = ({ spec }: Pod): boolean =>
        spec.containers.every(({ readinessProbe }) => readinessProbe !== undefined);
      expect(offenders(pods, asked, ({ of }) => of)).toEqual([]);
    });

    it("hold a token of the API server only where they talk to it", () => {
      const own = podsOf(made.own);
      expect(
        offenders(
          own,
          ({ spec }) => spec["automountServiceAccountToken"] === false,
          ({ of }) => of,
        ),
      ).toEqual([]);
    });
  });

  describe("secrets", () => {
    const secrets = (): readonly Made[] => made.own.filter(({ kind }) => kind === "Secret");

    it("are of every kind that a stack can have", () => {
      const types = new Set(secrets().map(({ type }) => type as string));
      expect([...types].sort()).toEqual(["Opaque", "kubernetes.io/dockerconfigjson", "kubernetes.io/tls"]);
      expect(secrets().map((secret) => Object.keys(secret["data"] as object).join())).toEqual(
        expect.arrayContaining([".dockerconfigjson", "TOKEN", "tls.crt,tls.key", "users"]),
      );
    });

    it("are secret to the engine, and in base64 so that a preview stays empty", () => {
      const kept = (secret: Made): boolean =>
        !("stringData" in secret) && (made.secrets[idOf(secret)] ?? []).includes("data");
      expect(offenders(secrets(), kept, idOf)).toEqual([]);
    });

    it("are marked where they are made, and not by the SDK alone", () => {
      expect(Object.keys(made.unmarked).sort()).toEqual(secrets().map(idOf).sort());
      // A certificate is public.
      const known = (keys: readonly string[]): boolean => keys.every((key) => key === "tls.crt");
      expect(
        offenders(
          Object.entries(made.unmarked),
          ([, keys]) => known(keys),
          ([id]) => id,
        ),
      ).toEqual([]);
    });

    it("are in no other object", () => {
      const others = all.filter(({ kind }) => kind !== "Secret");
      const texts = ["key of ", PASSWORD].flatMap((text) => [
        text,
        Buffer.from(text).toString("base64").replace(/=+$/, ""),
      ]);
      const clean = (object: Made): boolean =>
        (made.secrets[idOf(object)] ?? []).length === 0 &&
        !texts.some((text) => JSON.stringify(object).includes(text));
      expect(offenders(others, clean, idOf)).toEqual([]);
    });
  });

  describe("objects", () => {
    it("carry the labels that say whose they are", () => {
      const labelled = ({ metadata: { labels = {} } }: Made): boolean =>
        [
          "app.kubernetes.io/part-of",
          "app.kubernetes.io/managed-by",
          "slipway.dev/project",
          "slipway.dev/stack",
        ].every((label) => label in labels);
      expect(offenders(made.own, labelled, idOf)).toEqual([]);
      // Helm has its own word for who manages an object.
      const ofStack = ({ metadata: { labels = {} } }: Made): boolean => "slipway.dev/stack" in labels;
      expect(offenders(made.chart, ofStack, idOf)).toEqual([]);
    });

    it("are selected by what never changes", () => {
      const allowed = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "slipway.dev/track"];
      const selectors = all.flatMap((object) => {
        const { selector } = (object["spec"] ?? {}) as { selector?: { matchLabels?: object } };
        return selector === undefined
          ? []
          : [[idOf(object), Object.keys(selector.matchLabels ?? selector)] as const];
      });
      expect(selectors).not.toEqual([]);
      expect(
        offenders(
          selectors,
          ([, keys]) => keys.every((key) => allowed.includes(key)),
          ([id]) => id,
        ),
      ).toEqual([]);
    });

    it("lie in namespaces of the stack's own, which take restricted pods only", () => {
      const namespaces = ofKind("Namespace");
      const level = ({ metadata }: Made) => metadata.labels?.["pod-security.kubernetes.io/enforce"];
      expect(offenders(namespaces, (namespace) => level(namespace) === "restricted", idOf)).toEqual([]);
      const names = namespaces.map(({ metadata }) => metadata.name);
      const within = ({ metadata: { namespace } }: Made): boolean =>
        namespace === undefined || names.includes(namespace);
      expect(offenders(all, within, idOf)).toEqual([]);
    });

    it("never become the cluster's default", () => {
      const isDefault = ({ metadata: { annotations } }: Made): boolean =>
        annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
      expect(ofKind("IngressClass").filter(isDefault)).toEqual([]);
    });

    it("of the cluster's scope are called after the stack", () => {
      const scoped = all.filter(({ kind }) =>
        ["ClusterRole", "ClusterRoleBinding", "IngressClass"].includes(kind),
      );
      expect(offenders(scoped, ({ metadata }) => metadata.name.includes("slipway-test"), idOf)).toEqual([]);
    });
  });

  describe("rights", () => {
    interface Rule {
      readonly apiGroups: readonly string[];
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
    }
    const rules = (): readonly Rule[] =>
      [...ofKind("ClusterRole"), ...ofKind("Role")].flatMap((role) => (role["rules"] ?? []) as Rule[]);

    it("name what they are for, and are never all", () => {
      const exact = ({ apiGroups, resources, verbs }: Rule): boolean =>
        ![...apiGroups, ...resources, ...verbs].includes("*");
      expect(offenders(rules(), exact, JSON.stringify)).toEqual([]);
    });

    it("are to read, but for the status of what Traefik serves", () => {
      const reading = ({ resources, verbs }: Rule): boolean =>
        verbs.every((verb) => ["get", "list", "watch"].includes(verb)) ||
        resources.every((resource) => resource.endsWith("/status"));
      expect(offenders(rules(), reading, JSON.stringify)).toEqual([]);
    });
  });
});
