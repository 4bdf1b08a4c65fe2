import { join } from "node:path";

import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
import { projectDir } from "../base/paths.ts";
import { externalDns } from "./external-dns.ts";
import { trims, type Trim } from "./trims.ts";

/** A Go module of the lab: the programs in it share one graph of versions. */
export interface GoModule {
  /** Directory below `lab/toolchain`. */
  readonly directory: string;
  /** Modules in its graph that are built from a copy; its go.mod replaces them. */
  readonly trims: readonly Trim[];
  /** What `git describe` would have told the programs about themselves: variable → value. */
  readonly variables: Readonly<Record<string, string>>;
  /** Build tags, by which its programs leave out what nobody here needs. */
  readonly tags?: readonly string[] | undefined;
}

/** Kubernetes' version in the lab. */
export const KUBERNETES_VERSION = "1.36.4";

const [major = "", minor = ""] = KUBERNETES_VERSION.split(".");

/** What every lab needs, and addons that have their requirements in common with it. */
export const mainModule: GoModule = {
  directory: "go",
  trims,
  variables: {
    "k8s.io/component-base/version.gitVersion": `v${KUBERNETES_VERSION}`,
    "k8s.io/component-base/version.gitMajor": major,
    "k8s.io/component-base/version.gitMinor": minor,
    "k8s.io/component-base/version.gitTreeState": "clean",
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "3.259.0",
    "github.com/traefik/traefik/v3/pkg/version.Version": TRAEFIK_VERSION.replace("v", ""),
    "helm.sh/helm/v4/internal/version.version": "v4.2.3",
    "go.universe.tf/metallb/internal/version.version": "0.15.2",
  },
};

/** A module that only addons need: it is built when one is asked for, and a change of it builds nothing else. */
const addonModule = (
  name: string,
  { trims = [], variables = {}, tags }: Partial<Omit<GoModule, "directory">> = {},
): GoModule => ({ directory: join("addons", name), trims, variables, tags });

export const addonModules = {
  certManager: addonModule("cert-manager"),
  externalDns: addonModule("external-dns", {
    trims: [externalDns],
    variables: { "sigs.k8s.io/external-dns/pkg/apis/externaldns.Version": externalDns.version },
  }),
  pebble: addonModule("pebble"),
  oauth2Proxy: addonModule("oauth2-proxy", {
    variables: { "github.com/oauth2-proxy/oauth2-proxy/v7/pkg/version.VERSION": "v7.15.6" },
  }),
  prometheus: addonModule("prometheus", {
    variables: { "github.com/prometheus/common/version.Version": "3.16.0" },
    // The clouds' service discovery is most of it.
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
  }),
} as const;

/** Where the module is in the clone. */
export const sourceOf = ({ directory }: GoModule): string => join(projectDir, "lab", "toolchain", directory);

/** Flags for Go's linker. */
export const linkerFlags = ({ variables }: GoModule): string[] => [
  "-s",
  "-w",
  ...Object.entries(variables).map(([variable, value]) => `-X=${variable}=${value}`),
];
