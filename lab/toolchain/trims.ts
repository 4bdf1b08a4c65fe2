import { TRAEFIK_VERSION } from "../../components/traefik/chart.ts";
import { dashboardEdits } from "./dashboard-page.ts";

/**
 * Modules that are built from a copy: parts nobody needs here are cut off, because they bring most of what there would be to
 * compile, or a line is carried over to the versions of the one module graph.
 *
 * Go refuses `-overlay` for files in its module cache; a copy, named by a `replace` in go.mod, is what it allows. Copies are
 * made on the user's machine from the authenticated module; nothing of them is in this repository.
 */
export interface Trim {
  /** Name of the copy's directory: `trimmed/<name>`. */
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** As in go.sum; compared with what was downloaded. */
  readonly sum: string;
  /** The checksum database does not know the module: the sum above is all there is. */
  readonly unlisted?: true;
  /** Paths in the module that are taken. @default all */
  readonly only?: readonly string[];
  /** Paths in the module that are left out. */
  readonly drop?: readonly string[];
  /** Path in the module → path in `go/` of the file that takes its place. */
  readonly replace?: Readonly<Record<string, string>>;
  readonly edits?: readonly Edit[];
  /** Path in the module → path in the build directory of a further copy. */
  readonly copy?: Readonly<Record<string, string>>;
}

export interface Edit {
  /** Path in the module. */
  readonly file: string;
  /** Must be found: a new version of the module that no longer has it stops the build. */
  readonly find: string | RegExp;
  readonly replace: string;
}

export function removeLines(file: string, ...lines: readonly RegExp[]): Edit[] {
  return lines.map((line) => ({ file, find: new RegExp(`^.*${line.source}.*\\n`, "m"), replace: "" }));
}

/**
 * Pulumi without the cloud SDKs behind its state stores, secret managers and `pulumi logs`, and without `pulumi api`, which brings
 * a library of everything OpenAPI.
 */
const pulumi: Trim = {
  name: "pulumi",
  module: "github.com/pulumi/pulumi/pkg/v3",
  version: "v3.259.0",
  sum: "h1:Zf4wiLmgdhTAyq5dtTVnNY26BjtGrJ85ZQYut2qG6xM=",
  drop: [
    "authhelpers",
    "backend/diy/postgres",
    ...["api", "describe", "describe_markdown", "fields", "format", "list", "output"]
      .concat(["paginate", "pathmatch", "schema", "spec", "spec_fetch"])
      .map((name) => `cmd/pulumi/cloud/${name}.go`),
    "operations/operations_aws.go",
    "operations/operations_cloud_aws.go",
    "operations/operations_gcp.go",
    "testing/integration",
  ],
  edits: [
    ...removeLines(
      "cmd/pulumi/pulumi.go",
      /"github\.com\/pulumi\/pulumi\/pkg\/v3\/cmd\/pulumi\/cloud"/,
      /cloud\.NewAPICmd\(\)/,
    ),
    ...removeLines("cmd/pulumi/cloud/envelope.go", /\[\]ParamSpec/),
    {
      file: "operations/resources.go",
      find: /\tcase "cloud":\n.*\n\tcase "aws":\n.*\n\tcase "gcp":\n.*\n/,
      replace: "",
    },
    ...removeLines(
      "backend/diy/backend.go",
      /"gocloud\.dev\/blob\/azureblob"/,
      /"gocloud\.dev\/blob\/gcsblob"/,
      /"gocloud\.dev\/blob\/s3blob"/,
      /"github\.com\/pulumi\/pulumi\/pkg\/v3\/authhelpers"/,
      /"github\.com\/pulumi\/pulumi\/pkg\/v3\/backend\/diy\/postgres"/,
    ),
    {
      file: "backend/diy/backend.go",
      find: /\tif p\.Scheme == gcsblob\.Scheme \{\n(?:.*\n)*?\t\}\n/,
      replace: `\tif p.Scheme != "file" {
\t\treturn nil, fmt.Errorf("this build of the Pulumi CLI keeps state in files, not in %s://", p.Scheme)
\t}
`,
    },
    {
      file: "backend/diy/backend.go",
      find: /\tif p\.Scheme == azureblob\.Scheme \{\n(?:.*\n)*?\t\}\n/,
      replace: "",
    },
    ...removeLines("backend/diy/bucket.go", /awss3 "github\.com\/aws\/aws-sdk-go-v2\/service\/s3"/),
    {
      file: "backend/diy/bucket.go",
      find: /awss3\.CopyObjectInput/g,
      replace: "struct{ CopySource *string }",
    },
    ...removeLines(
      "secrets/cloud/manager.go",
      /"gocloud\.dev\/secrets\/awskms"/,
      /"gocloud\.dev\/secrets\/azurekeyvault"/,
      /"gocloud\.dev\/secrets\/gcpkms"/,
      /"gocloud\.dev\/secrets\/hashivault"/,
      /"google\.golang\.org\/api\/cloudkms\/v1"/,
      /"github\.com\/pulumi\/pulumi\/pkg\/v3\/authhelpers"/,
    ),
    {
      file: "secrets/cloud/manager.go",
      find: /\tswitch u\.Scheme \{\n\tcase gcpkms\.Scheme:\n(?:.*\n)*?\tdefault:\n.*\n\t\}\n/,
      replace: `\treturn nil, fmt.Errorf("this build of the Pulumi CLI encrypts with a passphrase, not by %s://", u.Scheme)\n`,
    },
  ],
};

/** Written for Kubernetes 0.33 and Pulumi 3.215; two lines differ in the versions of the graph. */
const pulumiKubernetes: Trim = {
  name: "pulumi-kubernetes",
  module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
  version: "v4.0.0-20260115033456-f47bc2d6f199",
  sum: "h1:j2bphCf7c2YhnBrhwht2f3TNRRgcMImltUlAgzxr9H4=",
  unlisted: true,
  edits: [
    { file: "pkg/await/await.go", find: "structured-merge-diff/v4", replace: "structured-merge-diff/v6" },
    {
      file: "pkg/gen/schema.go",
      find: "Provider: pschema.ResourceSpec{",
      replace: "Provider: &pschema.ResourceSpec{",
    },
  ],
  copy: {
    "cmd/pulumi-resource-kubernetes/schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
    "cmd/pulumi-resource-kubernetes/terraform-mapping.json":
      "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
  },
};

/**
 * The provider registers a chart's objects through the SDK's seven hundred generated types, of which it uses none but the token
 * by which Pulumi knows them. All follow from the object's kind, as the default case shows.
 */
const pulumiKubernetesSdk: Trim = {
  name: "pulumi-kubernetes-sdk",
  module: "github.com/pulumi/pulumi-kubernetes/sdk/v4",
  version: "v4.24.0",
  sum: "h1:dlDJvsugKow8tCaD0yJngc7PXdv8WT2YwPEUmj48tF4=",
  only: [
    "go.mod",
    "go/kubernetes/customPulumiTypes.go",
    "go/kubernetes/init.go",
    "go/kubernetes/provider.go",
    "go/kubernetes/pulumiTypes.go",
    "go/kubernetes/helm/v4",
    "go/kubernetes/utilities",
    "go/kubernetes/yaml/v2",
  ],
  edits: [
    {
      file: "go/kubernetes/yaml/v2/kinds.go",
      find: /^\t(?:\w+ )?"github\.com\/pulumi\/pulumi-kubernetes\/sdk\/v4\/go\/kubernetes\/.*\n/gm,
      replace: "",
    },
    {
      file: "go/kubernetes/yaml/v2/kinds.go",
      find: /func RegisterResource\([^]*$/,
      replace: `func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input,
\topts ...pulumi.ResourceOption,
) (pulumi.CustomResource, error) {
\tgroup := apiVersion
\tif group == "v1" {
\t\tgroup = "core/v1"
\t}
\tvar res object
\terr := ctx.RegisterResource(fmt.Sprintf("kubernetes:%s:%s", group, kind), name, props, &res, opts...)
\tif err != nil {
\t\treturn nil, err
\t}
\treturn &res, nil
}

// object is a resource of any kind.
type object struct {
\tpulumi.CustomResourceState
}
`,
    },
  ],
};

/** Without the generator of SDKs in five languages, which only providers mixed of several would use at run time. */
const terraformBridge: Trim = {
  name: "terraform-bridge",
  module: "github.com/pulumi/pulumi-terraform-bridge/v3",
  version: "v3.137.0",
  sum: "h1:y9HaS9/ylx52g0Ur4uxgfCYCl9b7Q9/i9a6tJhdUJsY=",
  only: ["go.mod", "internal", "pkg", "unstable"],
  drop: ["pkg/pf/tfbridge/provider_mux.go"],
};

const lego: Trim = {
  name: "lego",
  module: "github.com/go-acme/lego/v5",
  version: "v5.3.1",
  sum: "h1:xYT4CLZecfsFYJ3G94Z3alJn6oBlUrGYJH5rpGfo5YE=",
  drop: ["cmd", "e2e"],
  replace: {
    "providers/dns/zz_gen_dns_providers.go": "replacements/lego/zz_gen_dns_providers.go",
  },
};

export const traefik: Trim = {
  name: "traefik",
  module: "github.com/traefik/traefik/v3",
  version: TRAEFIK_VERSION,
  sum: "h1:AdGIts8MRFqWMjXhZFisrbLseB7vjikUL1q9H9DSvrM=",
  only: ["go.mod", "cmd", "internal", "pkg", "webui"],
  drop: ["pkg/provider/ecs/config.go", "pkg/provider/ecs/label.go"],
  replace: { "pkg/provider/ecs/ecs.go": "replacements/traefik/ecs.go" },
  edits: dashboardEdits,
};

const metallb: Trim = {
  name: "metallb",
  module: "go.universe.tf/metallb",
  version: "v0.15.2",
  sum: "h1:r7KDgJtk3KZe3qb36zRVrVCYHxLR03nPGT+qFXOomJM=",
  edits: [
    // controller-runtime 0.23 added a parameter.
    {
      file: "internal/k8s/webhook.go",
      find: "conversion.NewWebhookHandler(mgr.GetScheme())",
      replace: "conversion.NewWebhookHandler(mgr.GetScheme(), mgr.GetConverterRegistry())",
    },
  ],
};

/** Asks for later versions than it needs, which would move half the graph: its go.mod keeps no requirement. */
const metricsServer: Trim = {
  name: "metrics-server",
  module: "sigs.k8s.io/metrics-server",
  version: "v0.9.0",
  sum: "h1:nlqqZ2H0Xfko8eJC/1qaNVVT17hu4rxndkOi22KTZ4w=",
  only: ["go.mod", "cmd/metrics-server", "pkg"],
  edits: [{ file: "go.mod", find: /^go 1[^]*$/m, replace: "go 1.26.0\n" }],
};

/** metrics-server reads the kubelet's figures by a few of its packages. */
const prometheus: Trim = {
  name: "prometheus",
  module: "github.com/prometheus/prometheus",
  version: "v0.313.0",
  sum: "h1:DH5Rcybaem9nuKaFYtY+Kmogmp/NiNPpS9WBIRlSy6E=",
  only: ["go.mod", "model", "prompb", "schema", "util/convertnhcb", "util/kahansum"],
  edits: [{ file: "go.mod", find: /^go 1[^]*$/m, replace: "go 1.26.0\n" }],
};

export const trims: readonly Trim[] = [
  lego,
  pulumi,
  pulumiKubernetes,
  pulumiKubernetesSdk,
  terraformBridge,
  traefik,
  metallb,
  metricsServer,
  prometheus,
];

/** Applies the edits of one file. @throws Error naming the first one that does not apply */
export function applyEdits(text: string, edits: readonly Edit[], where: string): string {
  return edits.reduce((current, edit) => {
    const found =
      typeof edit.find === "string" ? current.includes(edit.find) : current.search(edit.find) >= 0;
    if (!found) throw new Error(`${where}: does not contain ${String(edit.find)}`);
    return current.replace(edit.find, () => edit.replace);
  }, text);
}
