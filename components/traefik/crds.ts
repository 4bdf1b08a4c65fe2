import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { transformed } from "../base/transform.ts";
import { CRDS_URL } from "./chart.ts";
import type { TraefikArgs } from "./traefik.ts";

/** The ten traefik.io CRDs as objects of this stack. */
export function traefikCrds(
  name: string,
  { crdFiles = [CRDS_URL], retainCrds = false, transform }: TraefikArgs,
  opts: pulumi.ComponentResourceOptions,
): k8s.yaml.v2.ConfigGroup {
  const retain: pulumi.ResourceTransform = ({ props, opts }) => ({
    props,
    opts: { ...opts, retainOnDelete: true },
  });
  return new k8s.yaml.v2.ConfigGroup(
    name,
    ...transformed<k8s.yaml.v2.ConfigGroupArgs>(
      transform?.crds,
      { files: [...crdFiles] },
      pulumi.mergeOptions(opts, retainCrds ? { transforms: [retain] } : {}),
    ),
  );
}

/**
 * Options of a namespace that is to hold objects of the CRDs. It waits for the CRDs one by one and not for their group, so that on
 * `destroy` it goes before each of them.
 */
export const afterCrds = (crds: k8s.yaml.v2.ConfigGroup | undefined): pulumi.CustomResourceOptions =>
  crds === undefined ? {} : { dependsOn: crds.resources as pulumi.Output<pulumi.Resource[]> };
