import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { UserError } from "../../../components/base/errors.ts";
import { CertificateAuthority, type CertificateAuthorityArgs } from "../../../components/tls/authority.ts";
import { Certificate, type CertificateArgs } from "../../../components/tls/certificate.ts";
import { record, resolved } from "../mocks.ts";

const stack = { project: "slipway", stack: "test" };

const outputs = ({ type, name }: pulumi.runtime.MockResourceArgs) =>
  type === "tls:index/privateKey:PrivateKey"
    ? { privateKeyPem: `key of ${name}` }
    : {
        certPem: `pem of ${name}`,
        certRequestPem: `request of ${name}`,
        validityEndTime: "2036-01-01T00:00:00Z",
      };

const ecdsa = { algorithm: "ECDSA" } as const;

const authority = (args: Partial<CertificateAuthorityArgs> = {}) =>
  new CertificateAuthority("authority", {
    key: ecdsa,
    subject: { country: "CN", organization: "Example", commonName: "Example CA" },
    validityDays: 36_500,
    ...args,
  });

const issue = (args: Partial<CertificateArgs> = {}, ca: Partial<CertificateAuthorityArgs> = {}) =>
  new Certificate("api-tls", {
    stack,
    namespace: "slipway-test",
    app: "api",
    authority: authority(ca),
    hosts: ["apps.test.slipway.test"],
    key: ecdsa,
    validityDays: 3650,
    ...args,
  });

it("makes an authority that only signs certificates", async () => {
  const made = await record(() => authority(), { outputs });
  expect(made.one("tls:index/privateKey:PrivateKey", "authority-key").inputs).toEqual({
    algorithm: "ECDSA",
    ecdsaCurve: "P256",
  });
  expect(made.one("tls:index/selfSignedCert:SelfSignedCert")).toMatchObject({
    name: "authority-certificate",
    inputs: {
      privateKeyPem: "key of authority-key",
      subject: { country: "CN", organization: "Example", commonName: "Example CA" },
      isCaCertificate: true,
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
      allowedUses: ["cert_signing", "crl_signing"],
      validityPeriodHours: 876_000,
      earlyRenewalHours: 720,
    },
    secrets: ["privateKeyPem"],
  });
  expect(await resolved(made.value.certificate)).toBe("pem of authority-certificate");
  expect(await resolved(made.value.validityEnd)).toBe("2036-01-01T00:00:00Z");
});

it("signs a leaf for its hosts and puts it in a Secret of the app's namespace", async () => {
  const made = await record(() => issue({ hosts: ["apps.test.slipway.test", "198.18.77.2"] }), { outputs });
  expect(made.one("tls:index/certRequest:CertRequest").inputs).toEqual({
    privateKeyPem: "key of api-tls-key",
    subject: { commonName: "apps.test.slipway.test" },
    dnsNames: ["apps.test.slipway.test"],
    ipAddresses: ["198.18.77.2"],
  });
  expect(made.one("tls:index/locallySignedCert:LocallySignedCert").inputs).toEqual({
    certRequestPem: "request of api-tls-request",
    caPrivateKeyPem: "key of authority-key",
    caCertPem: "pem of authority-certificate",
    setSubjectKeyId: true,
    allowedUses: ["digital_signature", "server_auth"],
    validityPeriodHours: 87_600,
    earlyRenewalHours: 720,
  });
  const secret = made.one("kubernetes:core/v1:Secret");
  expect(secret.inputs).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "api-tls",
      namespace: "slipway-test",
      labels: {
        "app.kubernetes.io/name": "api",
        "app.kubernetes.io/instance": "slipway-test",
        "app.kubernetes.io/part-of": "slipway",
        "app.kubernetes.io/managed-by": "pulumi",
        "slipway.dev/project": "slipway",
        "slipway.dev/stack": "test",
      },
    },
    type: "kubernetes.io/tls",
    data: {
      "tls.crt": Buffer.from("pem of api-tls-certificate").toString("base64"),
      "tls.key": Buffer.from("key of api-tls-key").toString("base64"),
    },
  });
});

it("knows the fingerprint of a leaf, as browsers and openssl write it", async () => {
  const der = Buffer.from("a certificate");
  const certPem = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
  const made = await record(() => issue(), { outputs: (args) => ({ ...outputs(args), certPem }) });
  const digest = createHash("sha256").update(der).digest("hex").toUpperCase();
  expect(await resolved(made.value.fingerprint)).toBe(digest.match(/../g)?.join(":"));
});

it("keeps every private key secret", async () => {
  const made = await record(() => issue(), { outputs });
  const open = made.resources.filter(({ inputs, secrets }) =>
    Object.keys(inputs).some((key) => key.endsWith("rivateKeyPem") && !secrets.includes(key)),
  );
  expect(open).toEqual([]);
  // The SDK makes the whole map secret.
  expect(made.one("kubernetes:core/v1:Secret").secrets).toContain("data");
});

it("makes RSA keys of 4096 bits, which may encipher keys too", async () => {
  const rsa = { algorithm: "RSA" } as const;
  const made = await record(() => issue({ key: rsa }, { key: { ...rsa, keySize: 2048 } }), { outputs });
  const type = "tls:index/privateKey:PrivateKey";
  expect(made.one(type, "api-tls-key").inputs).toEqual({ algorithm: "RSA", rsaBits: 4096 });
  expect(made.one(type, "authority-key").inputs).toEqual({ algorithm: "RSA", rsaBits: 2048 });
  const { allowedUses } = made.one("tls:index/locallySignedCert:LocallySignedCert").inputs;
  expect(allowedUses).toEqual(["digital_signature", "key_encipherment", "server_auth"]);
});

it("leaves out a common name that is too long for one", async () => {
  const host = `${"a".repeat(60)}.slipway.test`;
  const made = await record(() => issue({ hosts: [host], subject: { organization: "Example" } }), {
    outputs,
  });
  const { inputs } = made.one("tls:index/certRequest:CertRequest");
  expect(inputs).toMatchObject({ subject: { organization: "Example" }, dnsNames: [host] });
  expect(inputs.subject).not.toHaveProperty("commonName");
});

it("knows no certificate in preview, and still shows every object", async () => {
  const made = await record(() => issue(), { preview: true });
  expect(made.resources.map(({ type }) => type).sort()).toEqual([
    "kubernetes:core/v1:Secret",
    "slipway:tls:Certificate",
    "slipway:tls:CertificateAuthority",
    "tls:index/certRequest:CertRequest",
    "tls:index/locallySignedCert:LocallySignedCert",
    "tls:index/privateKey:PrivateKey",
    "tls:index/privateKey:PrivateKey",
    "tls:index/selfSignedCert:SelfSignedCert",
  ]);
});

it.each<[string, Partial<CertificateArgs>, string]>([
  ["no host", { hosts: [] }, "hosts: must name at least one host"],
  [
    "a URL for a host",
    { hosts: ["https://a.b"] },
    'hosts[0]: "https://a.b" must be a host name or an address',
  ],
  [
    "the authority's name",
    { hosts: ["ca.test"], authority: undefined as never },
    'hosts[0]: "ca.test" must differ from the authority\'s common name, or the certificate looks self-signed',
  ],
  ["no time", { validityDays: 0 }, "validityDays: 0 must be 1 or more whole days"],
  [
    "renewal from the start",
    { validityDays: 30, earlyRenewalDays: 30 },
    "earlyRenewalDays: 30 must be whole days below the 30 of validityDays, or every up would issue it anew",
  ],
])("refuses %s", async (_what, args, line) => {
  const wrong = record(() =>
    issue({ ...args, authority: authority({ subject: { commonName: "ca.test" } }) }),
  );
  await expect(wrong).rejects.toThrow(UserError);
  await expect(wrong).rejects.toThrow(line);
});

it("refuses an authority without a name", async () => {
  await expect(record(() => authority({ subject: { commonName: "" } }))).rejects.toThrow(
    'subject.commonName: "" must have 1 to 64 characters',
  );
});
