import { LabError } from "../../base/errors.ts";
import type { Log } from "../../base/progress.ts";
import type { ProgramFile } from "../binary-image.ts";
import { installCertManager } from "./cert-manager.ts";
import { provideExternalDns } from "./external-dns.ts";
import { installGatewayApi } from "./gateway.ts";
import { installLoadBalancer } from "./loadbalancer.ts";
import { provideMetallb } from "./metallb.ts";
import { installMetrics } from "./metrics.ts";
import { installPebble } from "./pebble.ts";
import { installPrometheus } from "./prometheus.ts";
import { startRegistry } from "./registry.ts";
import { provideSignIn } from "./sign-in.ts";
import { installStorage } from "./storage.ts";

export interface AddonOptions {
  /** The file of a binary that an addon runs; see {@link addonBinaries}. */
  readonly program: ProgramFile;
  readonly log: Log;
}

export { metallbChart, metallbImages } from "./metallb.ts";

interface Addon {
  readonly title: string;
  /** Names of the binaries that it needs built. */
  readonly binaries: readonly string[];
  readonly start: (options: AddonOptions) => Promise<unknown>;
}

/** What a cluster can have besides. Each can be started again at any time. */
const addons: Readonly<Record<string, Addon>> = {
  "cert-manager": {
    title: "cert-manager",
    binaries: ["cert-manager", "helm"],
    start: ({ program }) => installCertManager(program),
  },
  "external-dns": {
    title: "ExternalDNS's image and account",
    binaries: ["external-dns"],
    start: ({ program }) => provideExternalDns(program),
  },
  gateway: { title: "Gateway API definitions", binaries: [], start: installGatewayApi },
  loadbalancer: {
    title: "A load balancer for Traefik",
    binaries: ["controller", "speaker", "helm"],
    start: ({ program }) => installLoadBalancer(program),
  },
  metallb: {
    title: "MetalLB's images and chart",
    binaries: ["controller", "speaker"],
    start: ({ program }) => provideMetallb(program),
  },
  metrics: {
    title: "metrics-server",
    binaries: ["metrics-server"],
    start: ({ program }) => installMetrics(program),
  },
  pebble: {
    title: "Pebble, an ACME server",
    binaries: ["pebble", "pebble-challtestsrv"],
    start: ({ program, log }) => installPebble(program, log),
  },
  prometheus: {
    title: "Prometheus",
    binaries: ["prometheus"],
    start: ({ program }) => installPrometheus(program),
  },
  registry: { title: "Registry with a password", binaries: [], start: ({ log }) => startRegistry(log) },
  "sign-in": {
    title: "oauth2-proxy's image",
    binaries: ["oauth2-proxy"],
    start: ({ program }) => provideSignIn(program),
  },
  storage: {
    title: "Persistent volumes",
    binaries: ["volume-provisioner"],
    start: ({ program }) => installStorage(program),
  },
};

/** The names that {@link startAddons} knows. */
export const addonNames = Object.keys(addons);

/** What examples and tests find in the lab. A load balancer they bring themselves: a cluster has room for one MetalLB. */
export const addonsForExamples = addonNames.filter((name) => name !== "loadbalancer");

/** The binaries that these addons need, beside the cluster's. */
export function addonBinaries(names: readonly string[]): string[] {
  return names.flatMap((name) => find(name).binaries);
}

/** Adds to a running cluster; what is there already stays as it is. */
export async function startAddons(names: readonly string[], options: AddonOptions): Promise<void> {
  const wanted = names.map(find);
  options.log.expect(wanted.length);
  for (const { title, start } of wanted) await options.log.task(title, () => start(options));
}

function find(name: string): Addon {
  const addon = addons[name];
  if (addon === undefined) {
    throw new LabError(`no addon is called ${name}`, `There are: ${addonNames.join(", ")}.`);
  }
  return addon;
}
