import { apply } from "../control-plane.ts";
import { manifests, type ManifestSource } from "../manifests.ts";

/** The Gateway API's definitions, standard channel. */
export const gatewayCrds: ManifestSource = {
  module: "sigs.k8s.io/gateway-api",
  version: "v1.5.1",
  path: "config/crd/standard",
  files: /^gateway\..*\.yaml$/,
};

/** Installs the Gateway API's custom resource definitions. */
export async function installGatewayApi(): Promise<void> {
  await apply({ file: await manifests(gatewayCrds) });
}
