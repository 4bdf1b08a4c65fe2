import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { hookName } from "../base/hooks.ts";
import { appLabels } from "../base/labels.ts";
import { type Transform, transformed } from "../base/transform.ts";
import type { TraefikConfig } from "./args.ts";
import { GATEWAY_API_URL } from "./chart.ts";
import { APP, ingressClassOf } from "./defaults.ts";

/**
 * The GatewayClass of a Traefik, named as its IngressClass. It is the first object that needs Gateway API's CRDs, so it is
 * where their absence is explained.
 * @param name Pulumi name
 * @param traefik the component it belongs to
 */
export function gatewayClass(
  name: string,
  config: TraefikConfig,
  transform: Transform<k8s.apiextensions.CustomResourceArgs> | undefined,
  traefik: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const explain = new pulumi.ErrorHook(hookName(name, "missing-api"), async ({ errors }) => {
    if (errors.some((error) => error.includes("no matches for kind")))
      await pulumi.log.error(missingGatewayApi(config), traefik);
    return false;
  });
  return new k8s.apiextensions.CustomResource(
    name,
    ...transformed<k8s.apiextensions.CustomResourceArgs>(
      transform,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name: ingressClassOf(config), labels: appLabels(config.stack, APP) },
        // Every Traefik claims this controller's name; the label keeps those of other stacks off.
        spec: { controllerName: "traefik.io/gateway-controller" },
      },
      { parent: traefik, hooks: { onError: [explain] } },
    ),
  );
}

/** What a cluster without Gateway API means, and what to do. */
const missingGatewayApi = ({ namespace }: TraefikConfig): string =>
  `traefik ${namespace}: providers.kubernetesGateway needs the Gateway API, which is not installed in this cluster. ` +
  `Install its standard channel, and run up again: kubectl apply --server-side --filename ${GATEWAY_API_URL}`;
