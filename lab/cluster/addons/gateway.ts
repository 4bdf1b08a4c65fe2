import { GATEWAY_API_VERSION } from "../../../components/traefik/chart.ts";
import { apply } from "../control-plane.ts";
import { manifests, type ManifestSource } from "../manifests.ts";

/** The Gateway API's definitions, standard channel. */
export const gatewayCrds: ManifestSource = {
  module: "sigs.k8s.io/gateway-api",
  version: GATEWAY_API_VERSION,
  path: "config/crd/standard",
  files: /^gateway\..*\.yaml$/,
};

/** Installs the Gateway API's custom resource definitions. */
export async function installGatewayApi(): Promise<void> {
  await apply({ file: await manifests(gatewayCrds) });
}
