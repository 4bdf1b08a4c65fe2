import { describe, expect, it } from "vitest";

import type { ClusterObject } from "../../../components/platform/taken.ts";
import { clashesOf } from "../../../program/clashes.ts";
import { readConfig } from "../../../program/config.ts";
import { run, sourceOf } from "./stack.ts";

type Data = Record<string, unknown>;

/** An object of a stack. */
const of = (
  stack: string | undefined,
  kind: string,
  path: string,
  spec: ClusterObject["spec"] = {},
): ClusterObject => {
  const [name = "", namespace] = path.split("/").reverse();
  const labels = stack === undefined ? {} : { "slipway.dev/project": "slipway", "slipway.dev/stack": stack };
  return { kind, metadata: { name, ...(namespace !== undefined && { namespace }), labels }, spec };
};

const clashes = (config: Data, ...objects: readonly ClusterObject[]): string[] =>
  clashesOf(readConfig(sourceOf(config)), objects).map(
    ({ key, value, allowed }) => `${key}: ${JSON.stringify(value)} ${allowed}`,
  );

const apps = { shop: { image: "x:1", host: "shop.test" } };
const nodePort = (port: number): ClusterObject["spec"] => ({ ports: [{ nodePort: port }] });

describe("a stack with a platform of its own", () => {
  const traefik = {
    service: { type: "NodePort" },
    web: { nodePort: 30_100 },
    websecure: { nodePort: 30_101 },
  };
  const config = { traefik, apps: { ...apps, data: { image: "x:1", namespace: "data", nodePort: 30_102 } } };

  it("may have what it has already", () => {
    const own = [
      of("test", "Namespace", "slipway-test"),
      of("test", "IngressClass", "slipway-test"),
      of("test", "Service", "slipway-test-traefik/traefik", nodePort(30_100)),
    ];
    expect(clashes(config, ...own)).toEqual([]);
  });

  it("is told each name and node port that is others', and whose", () => {
    const others = [
      of("a-test", "Namespace", "slipway-test-data"),
      of(undefined, "Namespace", "slipway-test-traefik"),
      of("other", "IngressClass", "slipway-test"),
      of("other", "Service", "slipway-other-traefik/traefik", nodePort(30_101)),
      of(undefined, "Service", "default/db", nodePort(30_102)),
    ];
    expect(clashes(config, ...others)).toEqual([
      'traefik: "slipway-test-traefik" is taken by Namespace slipway-test-traefik of no stack of slipway\'s',
      'apps.data.namespace: "slipway-test-data" is taken by Namespace slipway-test-data of stack slipway/a-test',
      'traefik.ingressClass: "slipway-test" is taken by IngressClass slipway-test of stack slipway/other',
      "traefik.websecure.nodePort: 30101 is taken by Service slipway-other-traefik/traefik of stack slipway/other",
      "apps.data.nodePort: 30102 is taken by Service default/db of no stack of slipway's",
    ]);
  });

  it("has its own Traefik, which serves a host that others have, too", () => {
    const match = "Host(`shop.test`)";
    expect(
      clashes({ apps }, of("other", "IngressRoute", "slipway-other/shop", { routes: [{ match }] })),
    ).toEqual([]);
  });
});

describe("a stack on a shared platform", () => {
  const platform = { stack: "organization/slipway/platform", team: "blue" };
  const taken = "is taken by";

  it.each<[string, ClusterObject["spec"]]>([
    [
      "IngressRoute",
      { routes: [{ match: "Host(`a.test`)" }, { match: "Host(`shop.test`) && PathPrefix(`/x/`)" }] },
    ],
    ["Ingress", { rules: [{ host: "shop.test" }] }],
    ["HTTPRoute", { hostnames: ["shop.test"] }],
  ])("is told that a host is another's by its %s", (kind, spec) => {
    const other = of("green", kind, "slipway-platform-green/shop", spec);
    const line = `apps.shop.host: "shop.test" ${taken} ${kind} slipway-platform-green/shop of stack slipway/green`;
    expect(clashes({ platform, apps }, other)).toEqual([line]);
  });

  it("may share a namespace with other stacks of the team, but no name in it", () => {
    const other = of("blue-2", "Service", "slipway-platform-blue/shop");
    const line = `apps.shop: "shop" ${taken} Service slipway-platform-blue/shop of stack slipway/blue-2`;
    expect(clashes({ platform, apps }, other, of("platform", "Namespace", "slipway-platform-blue"))).toEqual([
      line,
    ]);
    expect(clashes({ platform, apps }, of("green", "Service", "slipway-platform-green/shop"))).toEqual([]);
  });

  it("brings no class and no Traefik that could meet others", () => {
    const { stack } = platform;
    const others = [of("x", "IngressClass", "slipway-test"), of("x", "Namespace", "slipway-test-traefik")];
    expect(clashes({ platform: { stack }, apps }, ...others)).toEqual([]);
  });
});

it("is refused before anything is registered", async () => {
  const taken = [of("other", "IngressClass", "slipway-test")];
  await expect(run("dev", {}, { taken, preview: true })).rejects.toThrow(
    'stack test, on its cluster:\n  traefik.ingressClass: "slipway-test" is taken by IngressClass slipway-test of stack slipway/other',
  );
});
