import { isAbsolute } from "node:path";

/** Traefik's release whose CRDs are installed; the one the pinned chart runs. */
export const TRAEFIK_VERSION = "v3.7.11";

/** Where Traefik publishes its ten traefik.io CRDs in one file, without the hub.traefik.io ones that its chart adds. */
export const CRDS_URL = `https://raw.githubusercontent.com/traefik/traefik/${TRAEFIK_VERSION}/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml`;

/** Whether a chart reference names a directory, as opposed to a repository's chart or an `oci://` one. */
export const isDirectory = (chart: string): boolean => isAbsolute(chart) || /^\.{1,2}(\/|\\|$)/.test(chart);
