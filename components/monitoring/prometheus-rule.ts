import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { metadataOf } from "../base/metadata.ts";
import { ALERTS } from "./alerts.ts";

/** Arguments of {@link PrometheusRule}. */
export type PrometheusRuleArgs = ObjectArgs;

/**
 * The alerts of monitoring/alerts.yaml for Prometheus Operator, whose definition of PrometheusRule has to be in the cluster. They are
 * for every stack that a Prometheus scrapes, so one is enough for it; of equal alerts Alertmanager tells once.
 */
export class PrometheusRule extends k8s.apiextensions.CustomResource {
  constructor(name: string, args: PrometheusRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: metadataOf(args.objectName ?? name, args),
        spec: ALERTS,
      },
      opts,
    );
  }
}
