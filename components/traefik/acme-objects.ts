import type * as pulumi from "@pulumi/pulumi";

import { ConfigMap } from "../workload/config-map.ts";
import { PersistentVolumeClaim } from "../workload/persistent-volume-claim.ts";
import { ACME_CLAIM, acmeClaim, CA_FILE, caName } from "./acme.ts";
import type { PlacedArgs } from "./traefik.ts";

/** What Traefik's pod mounts for ACME: the volume that it keeps certificates in, and whom it trusts. */
export function acmeObjects(
  name: string,
  { acme, stack, namespace }: PlacedArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (acme === undefined) return [];
  const place = { stack, namespace };
  const { caCertificates, storage } = acme;
  const claim = new PersistentVolumeClaim(
    `${name}-acme`,
    { ...place, objectName: ACME_CLAIM, ...acmeClaim(storage) },
    opts,
  );
  if (caCertificates === undefined) return [claim];
  const objectName = caName(caCertificates);
  return [
    claim,
    new ConfigMap(
      `${name}-${objectName}`,
      { ...place, objectName, data: { [CA_FILE]: caCertificates } },
      opts,
    ),
  ];
}
