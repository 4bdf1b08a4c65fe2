import { describe, expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { mistakesOf } from "../mistakes.ts";
import { resolved } from "../mocks.ts";
import { run, sourceOf } from "./stack.ts";

const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const PLATFORM = "organization/slipway/platform";
const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

const traefik = { acme: { email: "ann@example.org" } };
const tls = { source: { kind: "acme" } };
const app = (more: object = {}): object => ({ image: "x:1", host: "shop.test", ...more });

const lines = (config: Record<string, unknown>): string[] => mistakesOf(() => readConfig(sourceOf(config)));

it("has all routes of a set of hosts ask for the same certificate, in no Secret", async () => {
  const hosts = ["www.shop.test", "shop.test"];
  const apps = {
    a: app({ host: undefined, hosts }),
    b: app({ host: undefined, hosts: [...hosts].reverse(), path: "/b" }),
    c: app({ host: "c.test", kind: "ingress" }),
    d: app({ host: undefined, hosts, path: "/d", kind: "ingress" }),
  };
  const made = await run("dev", { traefik, tls, apps });
  const asked = { certResolver: "acme", domains: [{ main: "shop.test", sans: ["www.shop.test"] }] };
  for (const name of ["a-route", "b-route"])
    expect(made.one(ROUTE, name).inputs.spec).toMatchObject({ tls: asked });
  const ingress = made.one("kubernetes:networking.k8s.io/v1:Ingress", "c-route").inputs;
  const annotations = (name: string): unknown =>
    (made.one("kubernetes:networking.k8s.io/v1:Ingress", name).inputs.metadata as Record<string, unknown>)[
      "annotations"
    ];
  const prefix = "traefik.ingress.kubernetes.io/router.";
  expect(annotations("c-route")).toEqual({
    "pulumi.com/skipAwait": "true",
    [`${prefix}entrypoints`]: "websecure",
    [`${prefix}tls`]: "true",
    [`${prefix}tls.certresolver`]: "acme",
    [`${prefix}tls.domains.0.main`]: "c.test",
  });
  expect(annotations("d-route")).toMatchObject({
    [`${prefix}tls.domains.0.main`]: "shop.test",
    [`${prefix}tls.domains.0.sans`]: "www.shop.test",
  });
  expect(ingress.spec).not.toHaveProperty("tls");
  expect(made.resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
  expect(made.resources.filter(({ type }) => type === "kubernetes:core/v1:Secret")).toEqual([]);
  const certificates = await resolved(made.value.certificates);
  expect(Object.values(certificates)).toEqual([
    { hosts: ["shop.test", "www.shop.test"], provided: true, acme: LETS_ENCRYPT },
    { hosts: ["c.test"], provided: true, acme: LETS_ENCRYPT },
  ]);
  expect(Object.keys(certificates)).toEqual([
    expect.stringMatching(/^traefik\.acme\/shop\.test-[0-9a-f]{6}$/) as string,
    "traefik.acme/c.test",
  ]);
  const page = await resolved(made.value.readme);
  expect(page).toContain(`| c.test |  | renewed by Traefik, <${LETS_ENCRYPT}> | Traefik's own |`);
  expect(page).not.toContain("ca.crt");
});

describe("is refused", () => {
  const needs = "needs traefik.acme, which says whom Traefik asks";

  it("where nothing says whom to ask", () => {
    expect(lines({ tls, apps: { a: app() } })).toEqual([`  tls.source.kind: "acme" ${needs}`]);
    expect(lines({ apps: { a: app({ certificate: tls.source }) } })).toEqual([
      `  apps.a.certificate.kind: "acme" ${needs}`,
    ]);
  });

  it("where TLS is off", () => {
    expect(lines({ traefik, tls: { enabled: false }, apps: { a: app() } })).toEqual([
      "  traefik.acme: needs tls, which tls.enabled: false turns off",
    ]);
  });

  it("for what asks for no certificate, all at once", () => {
    const apps = {
      gateway: app({ host: "g.test", kind: "httpRoute" }),
      nginx: app({ host: "n.test", kind: "ingress", nginx: {} }),
      wild: app({ host: "*.w.test" }),
    };
    const instead = "use kind issuer, authority, pem or secret";
    expect(lines({ traefik, tls, apps })).toEqual([
      `  apps.gateway.certificate.kind: "acme" is not for kind httpRoute, whose Gateway takes its certificate from a Secret: ${instead}`,
      `  apps.nginx.certificate.kind: "acme" is not read beside nginx's annotations: ${instead}`,
      `  apps.wild.certificate.kind: "acme" is not for *.w.test: a name with * is proved by DNS alone; ${instead}`,
    ]);
  });

  it("for what knows no other key", () => {
    expect(lines({ traefik, tls: { source: { kind: "acme", name: "x" } }, apps: { a: app() } })).toEqual([
      expect.stringMatching(/^ {2}tls\.source\.name: /) as string,
    ]);
  });
});

describe("on another stack's platform", () => {
  /** The outputs of a platform, as another stack reads them. */
  const outputs = async (acme: object): Promise<Record<string, unknown>> => {
    const { value } = await run("dev", { apps: {}, platform: { shared: true }, traefik: acme });
    const told = {
      platform: await resolved(value.platform),
      authorityKey: await resolved(value.authorityKey),
    };
    return JSON.parse(JSON.stringify(told)) as Record<string, unknown>;
  };
  const onPlatform = (platform: Record<string, unknown>) =>
    run(
      "dev",
      { traefik: {}, platform: { stack: PLATFORM }, apps: { shop: app({ certificate: tls.source }) } },
      { referenced: { [PLATFORM]: platform } },
    );

  it("is asked for by that one's Traefik", async () => {
    const platform = await outputs(traefik);
    expect(platform).toMatchObject({ platform: { acme: { server: LETS_ENCRYPT } } });
    const made = await onPlatform(platform);
    expect(made.one(ROUTE, "shop-route").inputs.spec).toMatchObject({
      tls: { certResolver: "acme", domains: [{ main: "shop.test" }] },
    });
  });

  it("is refused where that one asks nobody", async () => {
    await expect(onPlatform(await outputs({}))).rejects.toThrow(
      `platform ${PLATFORM}:\n  apps.shop.certificate.kind: "acme" needs traefik.acme in the stack ${PLATFORM}`,
    );
  });
});
