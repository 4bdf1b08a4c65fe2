import { join } from "node:path";

import { importBinaryImage } from "../binary-image.ts";
import { apply, kubectl } from "../control-plane.ts";
import { manifests, type ManifestSource } from "../manifests.ts";
import { waitFor } from "../wait.ts";

const version = "v0.15.2";

/** MetalLB's own manifest: controller, speaker by ARP, definitions, webhook. */
export const metallbManifests: ManifestSource = {
  module: "go.universe.tf/metallb",
  version,
  path: "config/manifests",
  files: /^metallb-native\.yaml$/,
};

const namespace = "metallb-system";

/** Accepted by the webhook's check, and not kept. */
const probe = {
  apiVersion: "metallb.io/v1beta1",
  kind: "IPAddressPool",
  metadata: { name: "probe", namespace },
  spec: { addresses: ["192.0.2.1/32"] },
};

/**
 * Installs MetalLB without any pool of addresses: those are the stacks' to declare.
 *
 * @param bin directory of the binaries `controller` and `speaker`
 */
export async function installMetallb(bin: string): Promise<void> {
  for (const name of ["controller", "speaker"]) {
    await importBinaryImage(`quay.io/metallb/${name}:${version}`, join(bin, name));
  }
  await apply({ file: await manifests(metallbManifests) });
  await waitFor(acceptsPools, {
    what: "MetalLB's webhook answers",
    deadline: 120,
    interval: 1000,
    advice: `Look at: kubectl --namespace ${namespace} get pods`,
  });
}

/** Its webhook answers only some seconds after its pods are ready. */
async function acceptsPools(): Promise<boolean> {
  await kubectl(["create", "--dry-run=server", "--filename", "-"], { input: JSON.stringify(probe) });
  return true;
}
