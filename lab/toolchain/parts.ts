import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
import { externalDns } from "./external-dns.ts";
import { addonModules, type GoModule, KUBERNETES_VERSION, mainModule } from "./modules.ts";

/** A program of the lab, built from Go modules. */
export interface Part {
  /** Name of the program, and of the Go package's last path element. */
  readonly name: string;
  readonly package: string;
  /** The module that builds it. @default {@link mainModule} */
  readonly module?: GoModule;
  /** What the user is told is being built. */
  readonly version: string;
  /**
   * - `cluster`: first, the cluster cannot start without
   * - `always`
   * - `addon`: when something asks for it
   */
  readonly when: "cluster" | "always" | "addon";
  /** A program that people type, and of which a good one may be there already; see installed.ts. */
  readonly installed?: InstalledTool;
  /** The part whose official release has this one beside it: where that is installed already, this one is, too. */
  readonly comesWith?: string;
  /** Goes to Pulumi's plugin directory instead of onto PATH. */
  readonly plugin?: { readonly provider: string; readonly builtFrom: string };
}

export interface InstalledTool {
  readonly command: string;
  /** Makes it print its version. */
  readonly args: readonly string[];
  /** The oldest that will do. */
  readonly atLeast: string;
  /** The first that no longer will. @default none */
  readonly below?: string;
}

/** A command-line client may be one minor version off. */
const kubernetes = { oldestClient: "1.35.0", newerClient: "1.38.0" } as const;

/** In the order they are needed. */
export const parts: readonly Part[] = [
  {
    name: "kubernetes",
    package: "./cmd/kubernetes",
    version: `v${KUBERNETES_VERSION}`,
    when: "cluster",
  },
  { name: "coredns", package: "./cmd/coredns", version: "v1.14.2", when: "cluster" },
  {
    name: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: "v3.259.0",
    when: "always",
    installed: { command: "pulumi", args: ["version"], atLeast: "3.259.0", below: "4.0.0" },
  },
  {
    name: "pulumi-language-nodejs",
    package: "./cmd/pulumi-language-nodejs",
    version: "of this lab",
    when: "always",
    comesWith: "pulumi",
  },
  {
    name: "pulumi-resource-tls",
    package: "./cmd/pulumi-resource-tls",
    version: "v5.2",
    when: "always",
    plugin: { provider: "tls", builtFrom: "5.2" },
  },
  {
    name: "pulumi-resource-random",
    package: "./cmd/pulumi-resource-random",
    version: "v4.16",
    when: "always",
    plugin: { provider: "random", builtFrom: "4.16" },
  },
  {
    name: "pulumi-resource-kubernetes",
    package: "./cmd/pulumi-resource-kubernetes",
    version: "v4.25 of 2026-01-15",
    when: "always",
    plugin: { provider: "kubernetes", builtFrom: "4.25 of 2026-01-15" },
  },
  {
    name: "traefik",
    package: "github.com/traefik/traefik/v3/cmd/traefik",
    version: TRAEFIK_VERSION,
    when: "always",
  },
  {
    name: "helm",
    package: "helm.sh/helm/v4/cmd/helm",
    version: "v4.2.3",
    when: "always",
    installed: { command: "helm", args: ["version", "--template", "{{.Version}}"], atLeast: "3.14.0" },
  },
  {
    name: "controller",
    package: "go.universe.tf/metallb/controller",
    version: "MetalLB v0.15.2",
    when: "addon",
  },
  { name: "speaker", package: "go.universe.tf/metallb/speaker", version: "MetalLB v0.15.2", when: "addon" },
  {
    name: "metrics-server",
    package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
    version: "v0.9.0",
    when: "addon",
  },
  {
    name: "volume-provisioner",
    package: "./cmd/volume-provisioner",
    version: "of this lab",
    when: "addon",
  },
  {
    name: "cert-manager",
    package: "./cmd/cert-manager",
    version: "v1.21.2",
    module: addonModules.certManager,
    when: "addon",
  },
  {
    name: "pebble",
    package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
    version: "v2.10.1",
    module: addonModules.pebble,
    when: "addon",
  },
  {
    name: "pebble-challtestsrv",
    package: "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv",
    version: "v2.10.1",
    module: addonModules.pebble,
    when: "addon",
  },
  {
    name: "external-dns",
    package: "sigs.k8s.io/external-dns",
    version: externalDns.version,
    module: addonModules.externalDns,
    when: "addon",
  },
  {
    name: "oauth2-proxy",
    package: "github.com/oauth2-proxy/oauth2-proxy/v7",
    version: "v7.15.6",
    module: addonModules.oauth2Proxy,
    when: "addon",
  },
  {
    name: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    version: "v3.16.0",
    module: addonModules.prometheus,
    when: "addon",
  },
];

/** kubectl comes with Kubernetes in one program; this only says whose is used. */
export const kubectl: InstalledTool = {
  command: "kubectl",
  args: ["version", "--client", "--output=json"],
  atLeast: kubernetes.oldestClient,
  below: kubernetes.newerClient,
};

/** The module that builds a part. */
export const moduleOf = (part: Part): GoModule => part.module ?? mainModule;

export function findPart(name: string): Part | undefined {
  return parts.find((part) => part.name === name);
}
