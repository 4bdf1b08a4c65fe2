import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { describe as describeProblem, Problems } from "../../../components/base/errors.ts";
import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { checkTraefik } from "../../../components/traefik/checks.ts";
import { Traefik } from "../../../components/traefik/traefik.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { record } from "../mocks.ts";

const caCertificates = readFileSync(join(import.meta.dirname, "../../data/certificates/root.pem"), "utf8");
const place = { stack: { project: "slipway", stack: "dev" }, namespace: "slipway-dev-traefik" };
const email = "ann@example.org";
/** Of fixed ports, so that nothing is read from the chart. */
const ports = {
  service: { type: "NodePort" as const },
  web: { nodePort: 30_350 },
  websecure: { nodePort: 31_971 },
};

const RESTRICTED = {
  runAsNonRoot: true,
  runAsUser: 65_532,
  runAsGroup: 65_532,
  seccompProfile: { type: "RuntimeDefault" },
};

const valuesOf = (acme: TraefikConfig["acme"]) => {
  const { certificatesResolvers, persistence, volumes, podSecurityContext, updateStrategy } = traefikValues({
    ...place,
    acme,
  });
  return { certificatesResolvers, persistence, volumes, podSecurityContext, updateStrategy };
};

it("is a resolver that keeps its file in a volume, which one pod at a time may write to", () => {
  expect(valuesOf({ email })).toEqual({
    certificatesResolvers: {
      acme: {
        acme: {
          email,
          caServer: "https://acme-v02.api.letsencrypt.org/directory",
          certificatesDuration: 2160,
          keyType: "EC256",
          storage: "/data/acme.json",
          httpChallenge: { entryPoint: "web", delay: "15s" },
        },
      },
    },
    persistence: { enabled: true, existingClaim: "acme", path: "/data" },
    podSecurityContext: { ...RESTRICTED, fsGroup: 65_532, fsGroupChangePolicy: "OnRootMismatch" },
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  });
  expect(valuesOf(undefined)).toEqual({
    podSecurityContext: RESTRICTED,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  });
});

it("is told the server, whom that is signed by, and the challenge", () => {
  const server = "https://ca.example.org/dir";
  const { certificatesResolvers, volumes } = valuesOf({
    email,
    server,
    challenge: "tls",
    caCertificates,
    validityDays: 47,
  });
  expect(certificatesResolvers).toEqual({
    acme: {
      acme: {
        email,
        caServer: server,
        caCertificates: ["/acme-ca/ca.crt"],
        certificatesDuration: 1128,
        keyType: "EC256",
        storage: "/data/acme.json",
        tlsChallenge: { delay: "15s" },
      },
    },
  });
  const name = expect.stringMatching(/^acme-ca-[0-9a-f]{16}$/) as string;
  expect(volumes).toEqual([{ name, mountPath: "/acme-ca", type: "configMap" }]);
});

it("has a claim and whom it trusts in Traefik's namespace, before the chart", async () => {
  const acme = { email, caCertificates, storage: { size: "1Gi", storageClassName: "fast" } };
  const made = await record(() => new Traefik("traefik", { ...place, ...ports, acme }));
  const labels = {
    "app.kubernetes.io/part-of": "slipway",
    "app.kubernetes.io/managed-by": "pulumi",
    "slipway.dev/project": "slipway",
    "slipway.dev/stack": "dev",
  };
  const { namespace } = place;
  const claim = made.one("kubernetes:core/v1:PersistentVolumeClaim");
  expect(claim.inputs).toEqual({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "acme", namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      resources: { requests: { storage: "1Gi" } },
    },
  });
  const trusted = made.one("kubernetes:core/v1:ConfigMap");
  const { values, ...chart } = made.one("kubernetes:helm.sh/v4:Chart").inputs as {
    values: { volumes: { name: string }[] };
  };
  expect(trusted.inputs).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: values.volumes[0]?.name, namespace, labels },
    data: { "ca.crt": caCertificates },
  });
  expect(chart).toMatchObject({ name: "traefik" });
  const { dependsOn } = made.one("kubernetes:helm.sh/v4:Chart");
  expect(dependsOn).toEqual(expect.arrayContaining([claim.name, trusted.name]));
});

it("asks for 128Mi of the cluster's default class, and for nothing where there is no ACME", async () => {
  const made = await record(() => new Traefik("traefik", { ...place, ...ports, acme: { email } }));
  expect(made.one("kubernetes:core/v1:PersistentVolumeClaim").inputs.spec).toEqual({
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "128Mi" } },
  });
  const without = await record(() => new Traefik("traefik", { ...place, ...ports }));
  const kinds = [made, without].map(({ resources }) => resources.map(({ type }) => type.split(":").at(-1)));
  expect(kinds[0]).not.toContain("ConfigMap");
  expect(kinds[1]).not.toContain("PersistentVolumeClaim");
});

const mistakes = (config: Partial<TraefikConfig>): string[] => {
  const problems = new Problems("traefik");
  checkTraefik({ ...place, ...config }, problems);
  return problems.found.map(describeProblem);
};

const FOR_ONE =
  "is for one pod: Traefik keeps what ACME issues in a file of its own, so that of several pods each would ask for every certificate, and only the one that asked could answer the challenge; use cert-manager, a certificate of kind issuer";

it.each<Partial<TraefikConfig>>([
  { replicas: 2 },
  { autoscaling: { maxReplicas: 3 } },
  { kind: "DaemonSet" },
  { hostNetwork: true },
])("is for one pod, and refused with %o", (several) => {
  expect(mistakes({ acme: { email }, ...several })).toEqual([`acme: ${FOR_ONE}`]);
});

it("takes the ports of the node with one pod", () => {
  expect(mistakes({ acme: { email }, hostNetwork: true, kind: "Deployment" })).toEqual([]);
});

it("tells everything that is wrong with it at once", () => {
  const acme = {
    email: "ann",
    server: "http://ca.example.org/dir",
    caCertificates: "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n",
    validityDays: 0,
    storage: { size: "0", storageClassName: "Fast Class" },
  };
  const values = {
    certificatesResolvers: { acme: {} },
    volumes: [],
    ports: { web: null, websecure: null },
  };
  expect(mistakes({ acme, values })).toEqual([
    'acme.email: "ann" must be an address, as ann@example.org',
    'acme.server: "http://ca.example.org/dir" must be https, as ACME is',
    expect.stringMatching(/^acme\.caCertificates: .* must be certificates, PEM$/s) as string,
    "acme.validityDays: 0 must be a whole number from 1",
    expect.stringMatching(/^acme\.storage\.size: "0" /) as string,
    'acme.storage.storageClassName: "Fast Class" must be the name of a StorageClass, or "" for none',
    "values.certificatesResolvers.acme: is the resolver of traefik.acme: name it otherwise",
    "values.volumes: would take the place of the volume with acme.caCertificates: use values.deployment.additionalVolumes",
    "values.ports.web: null is the entry point at which acme.challenge http is answered",
  ]);
  expect(mistakes({ acme: { email, challenge: "tls" }, values: { ports: { web: null } } })).toEqual([]);
});
