import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { projectDir } from "../../base/paths.ts";
import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { imageRepository } from "../control-plane-images.ts";
import { apply, kubectl } from "../control-plane.ts";
import { manifests, type ManifestSource } from "../manifests.ts";
import { sha256OfFile } from "../oci-layout.ts";
import { waitFor } from "../wait.ts";
import { accountWith, labelsOf, metadataOf, namespaceOf, onePod } from "./program.ts";

const name = "prometheus";

/** What Prometheus Operator calls its objects. The operator itself is not here: nobody reads them in the lab. */
export const monitorCrds: ManifestSource = {
  module: "github.com/prometheus-operator/prometheus-operator",
  version: "v0.85.0",
  path: "example/prometheus-operator-crd",
  files: /_(podmonitors|prometheusrules)\.yaml$/,
};

/**
 * Installs Prometheus as monitoring/ has it, but for its pace, and the definitions of PodMonitor and PrometheusRule.
 *
 * @param program finds the binary `prometheus`
 */
export async function installPrometheus(program: ProgramFile): Promise<void> {
  const binary = program(name);
  const image = `${imageRepository}/${name}:${(await sha256OfFile(binary)).slice(0, 16)}`;
  await importBinaryImage(image, binary);
  await apply({ file: await manifests(monitorCrds) });
  const [configuration = "", alerts = ""] = await Promise.all(
    ["prometheus.yml", "alerts.yaml"].map((file) => readFile(join(projectDir, "monitoring", file), "utf8")),
  );
  await apply(prometheusManifests(image, { configuration: paced(configuration), alerts: paced(alerts) }));
  await waitFor(isRolledOut, {
    what: "Prometheus answers",
    deadline: 120,
    interval: 1000,
    advice: `Look at: kubectl --namespace ${name} logs deployment/${name}`,
  });
}

async function isRolledOut(): Promise<boolean> {
  const words = ["rollout", "status", `deployment/${name}`, `--namespace=${name}`, "--watch=false"];
  return (await kubectl(words)).includes("successfully rolled out");
}

/** Whoever looks at a lab does not wait for a quarter of a minute, nor for an alert to be sure. */
const paced = (text: string): string =>
  text.replaceAll(/_interval: 15s/g, "_interval: 2s").replaceAll(/ for: \d+[mh]$/gm, " for: 4s");

const digest = (...texts: readonly string[]): string =>
  createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 16);

/** @param image holds the program */
export function prometheusManifests(
  image: string,
  { configuration, alerts }: { readonly configuration: string; readonly alerts: string },
): object[] {
  const metadata = metadataOf(name);
  return [
    namespaceOf(name, "restricted"),
    ...accountWith(name, [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { "prometheus.yml": configuration, "alerts.yaml": alerts },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labelsOf(name), ports: [{ name: "http", port: 80, targetPort: 9090 }] },
    },
    // A changed configuration starts it anew.
    onePod(name, podSpec(image), { "slipway.dev/configuration": digest(configuration, alerts) }),
  ];
}

const podSpec = (image: string): object => ({
  serviceAccountName: name,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65_534,
    runAsGroup: 65_534,
    fsGroup: 65_534,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [
    {
      name,
      image,
      args: [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/data",
        "--storage.tsdb.retention.time=6h",
      ],
      readinessProbe: { httpGet: { path: "/-/ready", port: 9090 }, periodSeconds: 1 },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      volumeMounts: [
        { name: "configuration", mountPath: "/etc/prometheus" },
        { name: "data", mountPath: "/data" },
      ],
    },
  ],
  volumes: [
    { name: "configuration", configMap: { name } },
    { name: "data", emptyDir: {} },
  ],
});
