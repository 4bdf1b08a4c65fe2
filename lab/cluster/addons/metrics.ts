import { readFile } from "node:fs/promises";

import { parseAllDocuments } from "yaml";

import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { imageRepository } from "../control-plane-images.ts";
import { apply, kubectl } from "../control-plane.ts";
import { manifests, type ManifestSource } from "../manifests.ts";
import { waitFor } from "../wait.ts";

const version = "v0.9.0";

/** metrics-server's own manifest, which is meant to be finished by kustomize. */
export const metricsSource: ManifestSource = {
  module: "sigs.k8s.io/metrics-server",
  version,
  path: "manifests/base",
  files: /^(apiservice|deployment|rbac|service)\.yaml$/,
};

const image = `${imageRepository}/metrics-server:${version}`;

/**
 * Installs metrics-server: `kubectl top`, and processor and memory use for HorizontalPodAutoscalers.
 *
 * @param program finds the binary `metrics-server`
 */
export async function installMetrics(program: ProgramFile): Promise<void> {
  await importBinaryImage(image, program("metrics-server"));
  await apply(metricsManifests(await readFile(await manifests(metricsSource), "utf8"), image));
  await waitFor(knowsNode, {
    what: "metrics of the node are there",
    deadline: 120,
    interval: 1000,
    advice: "Look at: kubectl --namespace kube-system logs deployment/metrics-server",
  });
}

async function knowsNode(): Promise<boolean> {
  return (await kubectl(["get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes"])).includes('"usage"');
}

interface Manifest {
  readonly kind: string;
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface PodSpec {
  readonly containers: readonly { readonly args: readonly string[]; readonly readinessProbe: object }[];
}

/** Finishes the manifest's documents: labels and selectors, this image, and a kubelet that signed its own certificate. */
export function metricsManifests(text: string, ownImage: string): object[] {
  const labels = { "k8s-app": "metrics-server" };
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null)
    .map((manifest) => {
      const { kind, spec } = manifest;
      if (kind === "Service") return { ...manifest, spec: { ...spec, selector: labels } };
      if (kind !== "Deployment") return manifest;
      const { spec: podSpec } = spec?.["template"] as { spec: PodSpec };
      const containers = podSpec.containers.map((container) => ({
        ...container,
        image: ownImage,
        // The entry point is the image's.
        args: [...container.args, "--kubelet-insecure-tls"],
        readinessProbe: { ...container.readinessProbe, initialDelaySeconds: 1, periodSeconds: 2 },
        resources: { requests: { cpu: "10m", memory: "64Mi" } },
      }));
      const template = { metadata: { labels }, spec: { ...podSpec, containers } };
      return { ...manifest, spec: { ...spec, selector: { matchLabels: labels }, template } };
    });
}
