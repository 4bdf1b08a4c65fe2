import { chartReference as reference, type ChartSource } from "../base/chart.ts";

export type { ChartSource } from "../base/chart.ts";

/** Version of the official chart that the values are written for; it runs Traefik v3.7.11. */
export const CHART_VERSION = "41.3.0";

/** Repository of the official chart. */
const CHART_REPOSITORY = "https://traefik.github.io/charts";

/** Traefik's release whose CRDs are installed; the one the pinned chart runs. */
export const TRAEFIK_VERSION = "v3.7.11";

/** Where Traefik publishes its ten traefik.io CRDs in one file, without the hub.traefik.io ones that its chart adds. */
export const CRDS_URL = `https://raw.githubusercontent.com/traefik/traefik/${TRAEFIK_VERSION}/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml`;

/** Gateway API's release that {@link TRAEFIK_VERSION} is made for. */
export const GATEWAY_API_VERSION = "v1.6.1";

/** Gateway API's CRDs, standard channel, as its makers publish them. */
export const GATEWAY_API_URL = `https://github.com/kubernetes-sigs/gateway-api/releases/download/${GATEWAY_API_VERSION}/standard-install.yaml`;

/** The part of `helm.v4.Chart`'s arguments that says which chart. */
export const chartReference = (source?: ChartSource): ReturnType<typeof reference> =>
  reference(source, { chart: "traefik", version: CHART_VERSION, repository: CHART_REPOSITORY });
