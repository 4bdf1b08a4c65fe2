import { z } from "zod";

import { podOf } from "../objects.ts";
import { containersOf, LEVELS, violations, type Container, type Pod } from "../pod-security/index.ts";
import { objectRule } from "./rule.ts";

const none = z.object({});

/** A sentence for each container of an object that is not as it should be. */
const eachContainer =
  (wrong: (container: Container, pod: Pod) => string | undefined) =>
  (object: Parameters<typeof podOf>[0]): readonly string[] => {
    const pod = podOf(object);
    return pod === undefined
      ? []
      : containersOf(pod.spec).flatMap((container) => {
          const message = wrong(container, pod);
          return message === undefined ? [] : [`container ${container.name} ${message}`];
        });
  };

/** The standard that Kubernetes itself enforces by a namespace's labels: known before a pod is refused. */
export const podSecurity = objectRule({
  name: "pod-security",
  description: "Pods keep a level of the Pod Security Standards.",
  level: "mandatory",
  settings: z.object({
    level: z.enum(LEVELS).default("restricted").describe("the level that pods keep"),
    exempt: z.array(z.string()).default([]).describe("namespaces whose pods are left alone"),
  }),
  check: (object, { level, exempt }) => {
    const pod = podOf(object);
    if (pod === undefined || exempt.includes(object.metadata.namespace ?? "")) return [];
    return violations(pod, level).map(({ check, message }) => `${message} (${level}: ${check})`);
  },
});

export const leastPrivilege = objectRule({
  name: "least-privilege",
  description: "Containers have no capability at all, and the container runtime's own seccomp profile.",
  level: "advisory",
  settings: none,
  check: eachContainer(({ securityContext }, { spec }) => {
    const { add, drop } = securityContext?.capabilities ?? {};
    const seccomp = (securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile)?.type;
    const wrong = [
      ...((drop ?? []).join() === "ALL" && (add ?? []).length === 0
        ? []
        : ['must set securityContext.capabilities to {drop: ["ALL"]}']),
      ...(seccomp === "RuntimeDefault"
        ? []
        : ["must set securityContext.seccompProfile.type=RuntimeDefault"]),
      ...(securityContext?.privileged === true ? ["must not be privileged"] : []),
    ];
    return wrong.length === 0 ? undefined : wrong.join(", and ");
  }),
});

export const readOnlyRoot = objectRule({
  name: "read-only-root",
  description: "Containers cannot write to their root file system.",
  level: "advisory",
  settings: none,
  check: eachContainer(({ securityContext }) =>
    securityContext?.readOnlyRootFilesystem === true
      ? undefined
      : "must set securityContext.readOnlyRootFilesystem=true",
  ),
});

const AMOUNTS = z.array(z.string()).default(["cpu", "memory"]);

export const boundedResources = objectRule({
  name: "bounded-resources",
  description: "Containers say what they need and how much they may take.",
  level: "advisory",
  settings: z.object({
    requests: AMOUNTS.describe("resources that every container requests"),
    limits: AMOUNTS.describe("resources that every container has a limit of"),
  }),
  check: (object, { requests, limits }) =>
    eachContainer(({ resources }) => {
      const missing = [
        ...requests
          .filter((name) => !(name in (resources?.requests ?? {})))
          .map((name) => `requests.${name}`),
        ...limits.filter((name) => !(name in (resources?.limits ?? {}))).map((name) => `limits.${name}`),
      ];
      return missing.length === 0 ? undefined : `must set resources.${missing.join(", resources.")}`;
    })(object),
});

/** A tag or a digest behind the last path element; `latest` is no version. */
const isFixed = (image: string): boolean => /[:@][^/]+$/.test(image) && !image.endsWith(":latest");

export const fixedImages = objectRule({
  name: "fixed-images",
  description: "Images have a version: a tag that is not latest, or a digest.",
  level: "mandatory",
  settings: z.object({
    digest: z.boolean().default(false).describe("whether a tag is not enough, because it can be moved"),
  }),
  check: (object, { digest }) =>
    eachContainer(({ image }) => {
      const text = image ?? "";
      if (digest && !text.includes("@")) return `must name its image by digest: ${text}`;
      return isFixed(text) ? undefined : `must name a version of its image: ${text}`;
    })(object),
});

const SERVING = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

export const readinessProbes = objectRule({
  name: "readiness-probes",
  description: "Containers that serve are asked whether they are ready.",
  level: "advisory",
  settings: none,
  check: (object) => {
    const pod = podOf(object);
    if (pod === undefined || !SERVING.includes(object.kind)) return [];
    return pod.spec.containers
      .filter(({ readinessProbe }) => readinessProbe == null)
      .map(({ name }) => `container ${name} must have a readinessProbe`);
  },
});
