import { readFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { findings } from "../../policy/findings.ts";
import { podOf } from "../../policy/objects.ts";
import { baselineChecks } from "../../policy/pod-security/baseline.ts";
import { readSettings, type Settings } from "../../policy/settings.ts";
import { noHelm } from "../unit/traefik/charts.ts";
import { idOf, objectsOf, PASSWORD, podsOf, STACKS, type Made, type StackObjects } from "./objects.ts";

/** What a stack of this repository keeps to beyond what the rules ask of any program. */
const settingsOf = (stack: string): Settings =>
  readSettings(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../policy/settings", `${stack}.json`), "utf8")),
    `policy/settings/${stack}.json`,
  );

/** Names for the offenders, so that a failure says who and what. */
const offenders = <T>(all: readonly T[], isGood: (one: T) => boolean, name: (one: T) => string): string[] =>
  all.filter((one) => !isGood(one)).map(name);

describe.each(STACKS)("stack %s", (stack) => {
  let made: StackObjects;
  let all: readonly Made[];
  const settings = settingsOf(stack);

  /** What breaks a rule, as lines. */
  const broken = (rule: string, objects: readonly Made[]): readonly string[] =>
    findings(objects, { settings, stack: { project: "slipway", stack: "test" } })
      .filter((finding) => finding.rule === rule)
      .map(({ object, message }) => `${object}: ${message}`);

  it("has every rule mandatory", () => {
    expect(Object.values(settings).filter(({ level }) => level !== "mandatory")).toEqual([]);
  });

  beforeAll(async () => {
    made = await objectsOf(stack);
    all = [...made.own, ...made.chart];
  });

  const ofKind = (kind: string): readonly Made[] => all.filter((object) => object.kind === kind);

  it("makes the objects that the rules below are about", ({ skip }) => {
    for (const kind of ["Namespace", "Deployment", "Service", "Secret", "IngressRoute"])
      expect(ofKind(kind), kind).not.toEqual([]);
    skip(noHelm !== undefined, noHelm);
    for (const kind of ["ClusterRole", "IngressClass"]) expect(ofKind(kind), kind).not.toEqual([]);
  });

  describe("pods", () => {
    it.each([
      ["run without any privilege that the restricted standard takes away", "pod-security"],
      ["have no capability, and the runtime's seccomp profile", "least-privilege"],
      ["cannot write to their root file system", "read-only-root"],
      ["say what they need and how much they may take, of CPU and memory", "bounded-resources"],
      ["run images of a fixed version", "fixed-images"],
      ["are asked whether they are ready", "readiness-probes"],
      ["hold a token of the API server only where they were given rights", "needed-tokens"],
    ])("%s", (_, rule) => {
      expect(podsOf(all)).not.toEqual([]);
      expect(broken(rule, all)).toEqual([]);
    });

    it("share nothing with the node", () => {
      const checks = ["hostNamespaces", "hostPathVolumes"].map((name) => baselineChecks[name]);
      const shared = podsOf(all).flatMap((pod) => checks.flatMap((check) => check?.(pod)));
      expect(shared).toEqual([]);
    });

    it("of the program itself hold no token of the API server", () => {
      const apart = (object: Made): boolean => podOf(object)?.spec.automountServiceAccountToken === false;
      const workloads = made.own.filter((object) => podOf(object) !== undefined);
      expect(offenders(workloads, apart, idOf)).toEqual([]);
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
      expect(broken("encoded-secrets", all)).toEqual([]);
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
      expect(broken("kept-secrets", all)).toEqual([]);
    });
  });

  describe("objects", () => {
    it("carry the labels that say whose they are", () => {
      expect(broken("required-labels", made.own)).toEqual([]);
      // Helm has its own word for who manages an object.
      const ofStack = ({ metadata }: Made): boolean => "slipway.dev/stack" in (metadata.labels ?? {});
      expect(offenders(made.chart, ofStack, idOf)).toEqual([]);
    });

    it("are selected by what never changes", () => {
      const selecting = all.filter(({ spec }) => (spec as { selector?: object } | undefined)?.selector);
      expect(selecting).not.toEqual([]);
      expect(broken("stable-selectors", all)).toEqual([]);
    });

    it("lie in namespaces of the stack's own, which take restricted pods only", () => {
      expect(broken("namespace-security", all)).toEqual([]);
      expect(broken("own-namespaces", all)).toEqual([]);
    });

    it("never become the cluster's default", () => {
      expect(broken("no-default-class", all)).toEqual([]);
    });

    it("of the cluster's scope are called after the stack", () => {
      expect(broken("scoped-names", all)).toEqual([]);
    });
  });

  describe("rights", () => {
    it("name what they are for, and are never all", () => {
      expect(broken("named-rights", all)).toEqual([]);
    });

    it("are to read, but for the status of what Traefik serves", () => {
      expect(broken("read-only-rights", all)).toEqual([]);
    });
  });
});
