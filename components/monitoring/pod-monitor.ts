import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { metadataOf } from "../base/metadata.ts";
import type { Ports } from "../workload/container-ports.ts";
import { type AppMetrics, type MonitorScraping, podMonitorSpec } from "./scraping.ts";

/** Arguments of {@link PodMonitor}. */
export interface PodMonitorArgs extends ObjectArgs, AppMetrics, Pick<MonitorScraping, "interval"> {
  /** App whose object it is. */
  readonly app: string;
  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Ports of their container by name. */
  readonly ports: Ports;
}

/** Has Prometheus Operator scrape pods. Its definition of PodMonitor has to be in the cluster. */
export class PodMonitor extends k8s.apiextensions.CustomResource {
  constructor(name: string, args: PodMonitorArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: metadataOf(args.objectName ?? name, args),
        spec: podMonitorSpec(args.selector, args.ports, args, args),
      },
      opts,
    );
  }
}
