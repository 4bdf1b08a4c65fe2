import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { addonBinaries, addonNames, addonsForExamples } from "../../../lab/cluster/addons/index.ts";
import { GATEWAY_API_URL } from "../../../components/traefik/chart.ts";
import { externalDnsManifests } from "../../../lab/cluster/addons/external-dns.ts";
import { gatewayCrds } from "../../../lab/cluster/addons/gateway.ts";
import { addressManifests } from "../../../lab/cluster/addons/loadbalancer.ts";
import { metricsManifests } from "../../../lab/cluster/addons/metrics.ts";
import { hostsToml, registryConfig } from "../../../lab/cluster/addons/registry.ts";
import { storageManifests } from "../../../lab/cluster/addons/storage.ts";
import { wantsLoadBalancer } from "../../../lab/stack.ts";
import { traefikCrds } from "../../../lab/cluster/manifests.ts";

describe("addons", () => {
  it("are named, and say which binaries they need", () => {
    expect(addonNames).toEqual([
      "cert-manager",
      "external-dns",
      "gateway",
      "loadbalancer",
      "metallb",
      "metrics",
      "pebble",
      "prometheus",
      "registry",
      "sign-in",
      "storage",
    ]);
    expect(addonsForExamples).toEqual(addonNames.filter((name) => name !== "loadbalancer"));
    expect(addonBinaries(["registry", "gateway"])).toEqual([]);
    expect(addonBinaries(["metallb", "storage"])).toEqual(["controller", "speaker", "volume-provisioner"]);
  });

  it("refuses a name that there is not", () => {
    expect(() => addonBinaries(["metalb"])).toThrow("no addon is called metalb");
  });
});

describe("a load balancer", () => {
  it("has addresses for Traefik alone, beside those of examples/load-balancer", () => {
    const [pool, advertisement] = addressManifests();
    expect(pool).toMatchObject({
      kind: "IPAddressPool",
      spec: {
        addresses: ["198.18.77.126-198.18.77.149"],
        serviceAllocation: { serviceSelectors: [{ matchLabels: { "app.kubernetes.io/name": "traefik" } }] },
      },
    });
    expect(advertisement).toMatchObject({
      kind: "L2Advertisement",
      spec: { ipAddressPools: ["slipway-lab"] },
    });
  });

  it("is what prod wants, and no other stack", () => {
    expect(["dev", "staging", "prod"].filter(wantsLoadBalancer)).toEqual(["prod"]);
  });
});

describe("registry", () => {
  it("asks for a password", () => {
    expect(registryConfig()).toMatchObject({ auth: { htpasswd: { realm: "slipway-lab" } } });
  });

  it("is spoken to by plain http, for pulls only", () => {
    expect(hostsToml("198.18.77.2:5000")).toBe(
      'server = "http://198.18.77.2:5000"\n\n[host."http://198.18.77.2:5000"]\ncapabilities = ["pull", "resolve"]\n',
    );
  });
});

describe("metrics-server", () => {
  const text = `
apiVersion: v1
kind: Service
metadata: { name: metrics-server }
spec: { ports: [{ port: 443 }] }
---
---
kind: Deployment
spec:
  strategy: { type: RollingUpdate }
  template:
    spec:
      serviceAccountName: metrics-server
      containers:
        - { name: metrics-server, image: other, args: [--cert-dir=/tmp], readinessProbe: { httpGet: { path: /readyz } } }
`;

  it("selects its own pods, runs the lab's image and trusts the kubelet's certificate", () => {
    const labels = { "k8s-app": "metrics-server" };
    expect(metricsManifests(text, "localhost/here:1")).toEqual([
      expect.objectContaining({ kind: "Service", spec: { ports: [{ port: 443 }], selector: labels } }),
      expect.objectContaining({
        spec: {
          strategy: { type: "RollingUpdate" },
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: "metrics-server",
              containers: [
                expect.objectContaining({
                  image: "localhost/here:1",
                  args: ["--cert-dir=/tmp", "--kubelet-insecure-tls"],
                  readinessProbe: { httpGet: { path: "/readyz" }, initialDelaySeconds: 1, periodSeconds: 2 },
                }),
              ],
            },
          },
        },
      }),
    ]);
  });
});

describe("ExternalDNS", () => {
  it("may read routes and what they depend on, and write nothing", () => {
    const [, , role] = externalDnsManifests() as { rules?: { verbs: string[]; resources: string[] }[] }[];
    expect(role?.rules?.flatMap(({ resources }) => resources)).toEqual([
      "namespaces",
      "ingresses",
      ...["ingressroutes", "ingressroutetcps", "ingressrouteudps"],
      ...["gateways", "httproutes"],
    ]);
    expect(new Set(role?.rules?.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
  });
});

describe("storage", () => {
  const manifests = storageManifests("localhost/here:1", "/volumes") as {
    kind: string;
    spec?: { template: { spec: Record<string, unknown> } };
  }[];
  const one = (kind: string) => manifests.find((manifest) => manifest.kind === kind);

  it("has the default class, whose volumes are made where the pod goes, and deleted with their claims", () => {
    expect(one("StorageClass")).toMatchObject({
      metadata: {
        name: "standard",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "slipway.dev/volume-provisioner",
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    });
  });

  it("sees the volumes and nothing else of the node, at the node's own path", () => {
    const { volumes, containers } = one("Deployment")?.spec?.template.spec ?? {};
    expect(volumes).toEqual([{ name: "volumes", hostPath: { path: "/volumes", type: "Directory" } }]);
    expect(containers).toMatchObject([
      {
        image: "localhost/here:1",
        args: ["--provisioner=slipway.dev/volume-provisioner", "--directory=/volumes", "--node=$(NODE)"],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", "FOWNER"] },
        },
        volumeMounts: [{ name: "volumes", mountPath: "/volumes" }],
      },
    ]);
  });

  it("may write volumes and events, and read claims and classes", () => {
    const read = ["get", "list", "watch"];
    expect(one("ClusterRole")).toMatchObject({
      rules: [
        { resources: ["persistentvolumes"], verbs: [...read, "create", "patch", "delete"] },
        { resources: ["persistentvolumeclaims"], verbs: read },
        { resources: ["storageclasses"], verbs: read },
        { resources: ["events"], verbs: ["create", "patch"] },
      ],
    });
  });
});

describe("manifests from modules", () => {
  it.each([
    [traefikCrds.files, "traefik.io_middlewares.yaml", "hub.traefik.io_apis.yaml"],
    [gatewayCrds.files, "gateway.networking.k8s.io_httproutes.yaml", "kustomization.yaml"],
  ])("%s takes %s and not %s", (files, taken, left) => {
    expect(files.test(taken)).toBe(true);
    expect(files.test(left)).toBe(false);
  });
});

it("installs the release of the Gateway API that clusters without it are told to install", () => {
  expect(GATEWAY_API_URL).toContain(`/${gatewayCrds.version}/`);
  const guide = readFileSync(new URL("../../../docs/traefik.md", import.meta.url), "utf8");
  expect(guide).toContain(`release ${gatewayCrds.version}`);
});
