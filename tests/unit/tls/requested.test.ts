import { describe, expect, it } from "vitest";

import { certificateReason } from "../../../components/tls/issuer-failure.ts";
import { RequestedCertificate, type RequestedCertificateArgs } from "../../../components/index.ts";
import { readConfig } from "../../../program/config.ts";
import { mistakesOf } from "../mistakes.ts";
import { record, resolved } from "../mocks.ts";
import { run, sourceOf } from "../program/stack.ts";

const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const stack = { project: "slipway", stack: "test" };
const args = { stack, namespace: "shop", issuer: { name: "letsencrypt" }, hosts: ["a.test", "b.test"] };

it("is exactly this Certificate, which the provider waits for", async () => {
  const made = await record(() => new RequestedCertificate("shop-tls", args));
  expect(made.one(CERTIFICATE).inputs).toMatchObject({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name: "shop-tls",
      namespace: "shop",
      annotations: { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "300" },
    },
    spec: {
      secretName: "shop-tls",
      dnsNames: ["a.test", "b.test"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    },
  });
});

it("refuses what cert-manager would", () => {
  const wrong = { ...args, hosts: [], issuer: { name: "Let's Encrypt", issuerKind: "Authority" } };
  expect(
    mistakesOf(() => new RequestedCertificate("x", wrong as unknown as RequestedCertificateArgs)),
  ).toEqual([
    "  hosts: must name at least one host",
    expect.stringMatching(/^ {2}issuer.name: "Let's Encrypt" /) as string,
    expect.stringMatching(/^ {2}issuer.issuerKind: "Authority" must be .*Issuer/) as string,
  ]);
});

it("tells cert-manager's own reasons, each once", () => {
  const conditions = [
    { type: "Ready", status: "False", message: "Issuing certificate as Secret does not exist" },
    { type: "Issuing", status: "True", message: "Issuing certificate as Secret does not exist" },
  ];
  const challenges = [
    { spec: { dnsName: "a.test" }, status: { reason: "wrong status code '404'" } },
    { spec: { dnsName: "b.test" }, status: { reason: "" } },
  ];
  expect(certificateReason("shop", "tls", conditions, challenges).split("\n")).toEqual([
    "Issuing certificate as Secret does not exist",
    "a.test: wrong status code '404'",
    "certificate shop/tls is not issued: kubectl describe certificate,certificaterequest,order,challenge --namespace shop",
  ]);
});

describe("in a stack file", () => {
  const apps = { a: { image: "x:1", host: "a.test" }, b: { image: "x:1", host: "a.test", path: "/b" } };
  const source = { kind: "issuer", name: "letsencrypt" };

  it("is asked for once for a set of hosts, after Traefik, and before the routes", async () => {
    const made = await run("dev", { tls: { source }, apps });
    const { inputs, dependsOn } = made.one(CERTIFICATE);
    expect(inputs).toMatchObject({
      metadata: { name: "a.test-issuer-tls", namespace: "slipway-test" },
      spec: { dnsNames: ["a.test"], secretName: "a.test-issuer-tls" },
    });
    expect(dependsOn).toContain("platform-traefik-chart");
    const route = made.one("kubernetes:traefik.io/v1alpha1:IngressRoute", "a-route");
    expect(route.inputs.spec).toMatchObject({ tls: { secretName: "a.test-issuer-tls" } });
    expect(route.dependsOn).toContain("slipway-test-a.test-issuer-tls");
    expect(made.resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
    expect(await resolved(made.value.certificates)).toEqual({
      "slipway-test/a.test-issuer-tls": { hosts: ["a.test"], provided: true, issuer: "letsencrypt" },
    });
    expect(await resolved(made.value.readme)).toContain("| renewed by cert-manager, letsencrypt |");
  });

  it.each([
    [{ ...source, chain: "x" }, /^ {2}tls.source.chain: /],
    [{ ...source, secretName: "x" }, /^ {2}tls.source.secretName: /],
    [{ ...source, issuerKind: "issuer" }, /^ {2}tls.source.issuerKind: "issuer" must be .*"Issuer"/],
    [{ kind: "issuer" }, /^ {2}tls.source.name: is required/],
    [{ kind: "issuer", name: "Let's" }, /^ {2}tls.source.name: "Let's" /],
  ])("refuses %o by its key", (wrong, told) => {
    expect(mistakesOf(() => readConfig(sourceOf({ tls: { source: wrong }, apps })))).toEqual([
      expect.stringMatching(told) as string,
    ]);
  });
});
