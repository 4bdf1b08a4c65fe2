import { removeLines, type Trim } from "./trims.ts";

/** The clouds' DNS, whose SDKs are nearly all of ExternalDNS; the lab asks what it would write, which needs none. */
const providers = [
  ...["alibabacloud", "aws", "awssd", "azure", "civo", "cloudflare", "coredns", "dnsimple", "exoscale"],
  ...["gandi", "godaddy", "google", "linode", "ns1", "oci", "ovh", "pdns", "pihole", "rfc2136", "scaleway"],
];

/** Where who wrote a record is kept, in those clouds. */
const registries = ["awssd", "dynamodb"];

/** Objects of other proxies than Traefik, with a client library each. */
const sources = {
  files: ["ambassador_host", "contour_httpproxy", "f5_transportserver", "f5_virtualserver"]
    .concat(["istio_gateway", "istio_virtualservice", "openshift_route", "unstructured_converter"])
    .map((name) => `source/${name}.go`),
  names: "(?:Ambassador|Contour|F5|Istio|OpenShift)\\w+",
};

const STORE = "source/store.go";
const ZONES = "provider/zone_type_filter.go";

/** ExternalDNS with its in-memory provider, the sources of Kubernetes, Gateway API and Traefik, and its go.mod without requirements. */
export const externalDns: Trim = {
  name: "external-dns",
  module: "sigs.k8s.io/external-dns",
  version: "v0.22.0",
  sum: "h1:+ASJ3KF7DLqHo2LsG8Qinuh2J389MS86I19i/r8ewUc=",
  only: [
    "go.mod",
    "main.go",
    ...["apis", "controller", "endpoint", "internal", "pkg", "plan", "provider", "registry", "source"],
  ],
  drop: [
    ...providers.map((name) => `provider/${name}`),
    ...registries.map((name) => `registry/${name}`),
    ...sources.files,
  ],
  edits: [
    { file: "go.mod", find: /^go 1[^]*$/m, replace: "go 1.26.0\n" },
    ...removeLines(
      "provider/factory/provider.go",
      ...providers.map((name) => new RegExp(`"sigs\\.k8s\\.io/external-dns/provider/${name}"`)),
    ),
    {
      file: "provider/factory/provider.go",
      find: new RegExp(`^.*\\b(?:${providers.join("|")})\\.New.*\\n`, "gm"),
      replace: "",
    },
    ...removeLines(
      "registry/factory/registry.go",
      ...registries.flatMap((name) => [
        new RegExp(`"sigs\\.k8s\\.io/external-dns/registry/${name}"`),
        new RegExp(`\\b${name}\\.New`),
      ]),
    ),
    ...removeLines(ZONES, /route53types "github\.com\/aws\/.*"/),
    { file: ZONES, find: /^\tcase route53types\.HostedZone:\n(?:\t\t.*\n|\n)*/m, replace: "" },
    ...removeLines(STORE, /\t"fmt"/, /openshift "github\.com\/openshift\/.*"/, /istioclient "istio\.io\/.*"/),
    { file: STORE, find: /^\t(?:istio|openshift)\w+ +\S+\n/gm, replace: "" },
    { file: STORE, find: /^\t(?:Istio|OpenShift)Client\(\) .*\n/gm, replace: "" },
    { file: STORE, find: /^func \(\w+ \*\w+\) (?:Istio|OpenShift)Client\(\)[^]*?\n\}\n/gm, replace: "" },
    { file: STORE, find: new RegExp(`^\\tcase types\\.${sources.names}:\\n.*\\n`, "gm"), replace: "" },
    {
      file: STORE,
      find: new RegExp(`^func (?:build${sources.names}|NewIstioClient)\\([^]*?\\n\\}\\n`, "gm"),
      replace: "",
    },
    // Its definition is in the file of another proxy.
    {
      file: "source/traefik_proxy.go",
      find: "type traefikSource struct {",
      replace:
        "type unstructuredConverter struct {\n\tscheme *runtime.Scheme\n}\n\ntype traefikSource struct {",
    },
  ],
};
