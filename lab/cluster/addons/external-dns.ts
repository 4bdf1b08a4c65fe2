import { externalDns } from "../../toolchain/external-dns.ts";
import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { apply } from "../control-plane.ts";
import { accountWith, namespaceOf } from "./program.ts";

const name = externalDns.name;

/** The image that {@link provideExternalDns} brings. */
export const externalDnsImage = `registry.k8s.io/external-dns/external-dns:${externalDns.version}`;

/**
 * Brings ExternalDNS's image to the nodes, and an account that may read routes. Nothing runs: there is no DNS here to write to, and a
 * pod that is started once tells what it would write.
 *
 * @param program finds the binary `external-dns`
 */
export async function provideExternalDns(program: ProgramFile): Promise<void> {
  // As the official image.
  await importBinaryImage(externalDnsImage, program(name), { user: 65_532 });
  await apply(externalDnsManifests());
}

/** What its chart lets it do for the sources of Ingress, Traefik and Gateway API. */
export function externalDnsManifests(): object[] {
  const read = (apiGroup: string, ...resources: string[]): object => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ["get", "list", "watch"],
  });
  return [
    namespaceOf(name, "restricted"),
    ...accountWith(name, [
      read("", "namespaces"),
      read("networking.k8s.io", "ingresses"),
      read("traefik.io", "ingressroutes", "ingressroutetcps", "ingressrouteudps"),
      read("gateway.networking.k8s.io", "gateways", "httproutes"),
    ]),
  ];
}
