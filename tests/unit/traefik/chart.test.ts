import { beforeEach, describe, expect, test } from "vitest";

import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { LAB_CHART, OFFICIAL_CHART, type Rendered, noHelm, render, renderValues } from "./charts.ts";
import { shapes } from "./shapes.ts";

const key = ({ kind, metadata }: Rendered): string => `${kind}/${metadata.name}`;

interface Named {
  readonly name: string;
}

interface Container {
  readonly volumeMounts: readonly Named[];
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string }[];
  readonly env: readonly { readonly name: string }[];
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly [field: string]: unknown;
}

const podOf = (objects: readonly Rendered[]): PodSpec => {
  const workload = objects.find(({ kind }) => kind === "Deployment" || kind === "DaemonSet");
  return (workload?.spec as { template: { spec: PodSpec } }).template.spec;
};

const without = (object: object, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));

const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
  [...list].sort((a, b) => a.name.localeCompare(b.name));

const flagsOf = (objects: readonly Rendered[]): Record<string, string> =>
  Object.fromEntries(
    podOf(objects).containers[0].args.map((flag) => {
      const [name = "", ...value] = flag.split("=");
      // Traefik reads flags without regard to case.
      return [name.toLowerCase(), value.length === 0 ? "true" : value.join("=")];
    }),
  );

describe("the lab's chart", () => {
  beforeEach(({ skip }) => {
    skip(noHelm !== undefined, noHelm);
  });

  test("refuses a value it does not support", () => {
    expect(() => renderValues(LAB_CHART, "n", { hub: { token: "t" } })).toThrow(
      /additional properties 'hub'/,
    );
    expect(() => renderValues(LAB_CHART, "n", { ports: { web: { http2: { enabled: true } } } })).toThrow(
      /http2/,
    );
  });

  test("refuses to trust everybody", () => {
    const web = { forwardedHeaders: { insecure: true } };
    expect(() => renderValues(LAB_CHART, "n", { ports: { web } })).toThrow(/insecure/);
  });

  test("redirects to the port that clients use", () => {
    expect(flagsOf(render(LAB_CHART, shapes["dev"] as TraefikConfig))).toMatchObject({
      "--entrypoints.web.http.redirections.entrypoint.to": ":31971",
      "--entrypoints.web.http.redirections.entrypoint.scheme": "https",
      "--entrypoints.web.http.redirections.entrypoint.priority": "-2147483648",
    });
  });

  test("names every object of the cluster's after its namespace", () => {
    const cluster = render(LAB_CHART, shapes["dev"] as TraefikConfig).filter(
      ({ metadata }) => metadata.namespace === undefined,
    );
    expect(cluster.map(key).sort()).toEqual([
      "ClusterRole/traefik-slipway-dev-traefik",
      "ClusterRoleBinding/traefik-slipway-dev-traefik",
      "IngressClass/slipway-dev",
    ]);
  });
});

/** What the official chart sets and the lab's leaves to Traefik's own defaults, or to what nobody here asks for. */
const OFFICIAL_ONLY_FLAGS = [
  /^--providers\.kubernetesingressnginx\.(ingressclassbyname|watchingresswithoutclass|disablesvcexternalname)$/,
];

describe.each(Object.entries(shapes))("both charts, %s", (_name, config) => {
  beforeEach(({ skip }) => {
    skip(noHelm !== undefined, noHelm);
  });

  const both = (): { lab: readonly Rendered[]; official: readonly Rendered[] } => ({
    lab: render(LAB_CHART, config),
    official: render(OFFICIAL_CHART, config),
  });

  test("make the same objects", () => {
    const { lab, official } = both();
    expect(lab.map(key).sort()).toEqual(official.map(key).sort());
  });

  test("start Traefik with the same configuration", () => {
    const { lab, official } = both();
    const flags = Object.entries(flagsOf(official)).filter(
      ([name, value]) => !(value === "false" && OFFICIAL_ONLY_FLAGS.some((pattern) => pattern.test(name))),
    );
    expect(flagsOf(lab)).toEqual(Object.fromEntries(flags));
  });

  test("make the same pod", () => {
    const { lab, official } = both();
    const comparable = (objects: readonly Rendered[]): unknown => {
      const { containers, ...pod } = podOf(objects);
      const [container] = containers;
      // What a pod has for itself alone is each chart's own business.
      const volumes = byName(pod["volumes"] as readonly Named[]).filter((volume) => !("emptyDir" in volume));
      const mounts = container.volumeMounts.filter(({ name }) =>
        volumes.some((volume) => volume.name === name),
      );
      return {
        ...without(pod, ["volumes", "dnsPolicy"]),
        volumes,
        mounts: byName(mounts),
        dnsPolicy: pod["dnsPolicy"] ?? "",
        ...without(container, ["args", "volumeMounts", "lifecycle"]),
        env: container.env.filter(({ name }) => name !== "USER"),
        ports: byName(container.ports),
      };
    };
    expect(comparable(lab)).toEqual(comparable(official));
  });

  test("make the same Services, classes and budgets", () => {
    const { lab, official } = both();
    const kinds = ["ConfigMap", "Service", "IngressClass", "PodDisruptionBudget", "HorizontalPodAutoscaler"];
    const comparable = (objects: readonly Rendered[]): unknown =>
      objects
        .filter(({ kind }) => kinds.includes(kind))
        .sort((a, b) => key(a).localeCompare(key(b)))
        .map(({ metadata, spec, ...object }) => ({
          ...object,
          spec: { ...spec, ports: byName((spec?.["ports"] ?? []) as readonly { readonly name: string }[]) },
          name: metadata.name,
          annotations: metadata.annotations ?? {},
          labels: { ...metadata.labels, "helm.sh/chart": "" },
        }));
    expect(comparable(lab)).toEqual(comparable(official));
  });

  test("ask for the same rights, but for those Traefik has no use for here", () => {
    const { lab, official } = both();
    const rights = (objects: readonly Rendered[]): readonly string[] => {
      const rules = objects.find(({ kind }) => kind === "ClusterRole")?.rules ?? [];
      const all = rules.flatMap((rule) =>
        rule.apiGroups.flatMap((group) =>
          rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}.${group}`)),
        ),
      );
      return [...new Set(all)].sort();
    };
    // Pods are looked up for tracing's attributes; `extensions` holds no Ingress since Kubernetes 1.22.
    const unused = /^get pods\.$|\.extensions$/;
    expect(rights(lab)).toEqual(rights(official).filter((right) => !unused.test(right)));
  });
});
