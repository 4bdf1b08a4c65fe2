import { z } from "zod";

import { entryPoint, furtherEntryPoint, service, tls } from "./entry-points.ts";
import { resources, toleration } from "./pods.ts";
import {
  cidr,
  dnsLabel,
  filled,
  key,
  positive,
  required,
  seconds,
  secret,
  share,
  stringMap,
  strings,
} from "./values.ts";

const chart = z.strictObject({
  chart: key(
    filled,
    "Name of a chart in `repository`, an `oci://` reference, the URL of a package, or a directory.",
    "traefik",
  ),
  version: key(filled, "Version of the chart.", "41.3.0, or a directory's own"),
  repository: key(
    z.url({ error: "must be a URL" }),
    "Chart repository, for a chart given by name.",
    "https://traefik.github.io/charts",
  ),
});

const autoscaling = z.strictObject({
  minReplicas: key(positive, "Fewest pods.", "1"),
  maxReplicas: required(positive, "Most pods."),
  cpuPercent: key(positive, "Average CPU use to aim at, percent of the request.", "75"),
});

const budget = z.union([
  z.strictObject({ maxUnavailable: required(share, "Pods that may be missing at once.") }),
  z.strictObject({ minAvailable: required(share, "Pods that must stay.") }),
]);

const accessLog = z.strictObject({
  format: key(z.enum(["common", "json"]), "A line of Apache's kind, or a JSON object.", "common"),
  statusCodes: key(strings, "Answers that are logged, codes or ranges: `500-599`.", "all"),
  minDuration: key(
    z.union([z.number(), filled]),
    "Requests that are logged because they took longer, whatever `statusCodes` says: seconds, or `500ms`.",
    "none",
  ),
  headers: key(
    strings,
    "Headers that are logged; never those that carry passwords and sessions, and in the format `common` only `Referer` and `User-Agent`.",
    "none",
  ),
  query: key(z.boolean(), "Log paths with their query.", "true"),
});

/** Traefik, its Service and its chart. The keys are those of the component. */
export const traefikSchema = z.strictObject({
  chart: key(
    z.union([filled, chart]),
    "Where the chart comes from. A string is short for `{ chart }`.",
    "the official chart",
  ),
  crds: key(
    z.enum(["install", "external"]),
    "Who owns the traefik.io CRDs: this stack, or somebody else. One stack of a cluster may install them.",
    "install",
  ),
  crdFiles: key(
    strings,
    "Files or URLs the CRDs are read from.",
    "Traefik's own file of the chart's release",
  ),
  retainCrds: key(z.boolean(), "Leave the CRDs in the cluster when the stack is destroyed.", "false"),
  ingressClass: key(
    dnsLabel,
    "Name of the stack's IngressClass, unique in the cluster.",
    "<project>-<stack>",
  ),
  kind: key(
    z.enum(["Deployment", "DaemonSet"]),
    "A number of pods, or one on every node.",
    "Deployment, or DaemonSet on the host's network",
  ),
  replicas: key(positive, "Pods of the Deployment.", "1"),
  autoscaling: key(autoscaling, "Let the CPU's load decide the number of pods."),
  hostNetwork: key(z.boolean(), "Listen on every node's own address, ports 80 and 443.", "false"),
  service: key(service, "The Service in front of Traefik."),
  web: key(entryPoint(8000, 80), "The entry point of plain http."),
  websecure: key(entryPoint(8443, 443), "The entry point of https."),
  ports: key(
    z.record(z.string(), furtherEntryPoint),
    "Further entry points by name, for TCP and UDP routes.",
  ),
  redirect: key(
    z.enum(["unrouted", "all", "none"]),
    "Redirect plain http to https on the port clients reach: what no route on `web` matches, everything, or nothing.",
    "unrouted; none where tls is off",
  ),
  tls: key(tls, "TLS of routes that have no options of their own."),
  lifeCycle: key(
    z.strictObject({
      requestAcceptGraceTimeout: key(
        seconds,
        "Seconds a pod that was told to go still accepts connections.",
        "5",
      ),
      graceTimeOut: key(seconds, "Seconds running requests then have.", "20"),
      keepAliveMaxTime: key(
        seconds,
        "Seconds after which a connection is closed with its next answer; below requestAcceptGraceTimeout, Traefik's own rollout loses no request.",
        "none",
      ),
      terminationGracePeriodSeconds: key(
        seconds,
        "Seconds until the pod is killed; more than both together.",
        "30",
      ),
    }),
    "How a pod goes, so that a rollout loses no request.",
  ),
  providers: key(
    z.strictObject({
      kubernetesCRD: key(
        z.strictObject({
          allowCrossNamespace: key(z.boolean(), "Let routes use middlewares of other namespaces.", "false"),
          allowExternalNameServices: key(z.boolean(), "Let routes lead to ExternalName Services.", "false"),
        }),
        "IngressRoutes and Traefik's other own kinds.",
      ),
      kubernetesIngress: key(
        z.strictObject({
          allowExternalNameServices: key(
            z.boolean(),
            "Let Ingresses lead to ExternalName Services.",
            "false",
          ),
        }),
        "Ingresses.",
      ),
      kubernetesIngressNGINX: key(z.boolean(), "Ingresses with ingress-nginx annotations.", "false"),
      kubernetesGateway: key(
        z.boolean(),
        "Gateway API; its CRDs have to be in the cluster.",
        "true where an app's kind is httpRoute",
      ),
    }),
    "Which objects Traefik reads its routes from.",
  ),
  resources: key(resources, "Requests and limits of a pod.", "requests 50m and 64Mi, limits 1 and 256Mi"),
  podDisruptionBudget: key(
    budget,
    "What a drain leaves of the pods.",
    "one missing at a time where there are several",
  ),
  priorityClassName: key(filled, "PriorityClass of the pods."),
  nodeSelector: key(stringMap, "Labels of the nodes the pods run on."),
  tolerations: key(z.array(toleration), "Taints the pods put up with."),
  image: key(
    z.strictObject({
      registry: key(filled, "Registry and prefix.", "docker.io"),
      repository: key(filled, "Repository.", "traefik"),
      tag: key(filled, "Tag.", "the chart's"),
      digest: key(filled, "Digest, instead of the tag: `sha256:…`."),
      pullPolicy: key(z.enum(["Always", "IfNotPresent", "Never"]), "When it is pulled.", "IfNotPresent"),
    }),
    "Traefik's image.",
  ),
  imagePullSecrets: key(strings, "Secrets of Traefik's namespace that the image is pulled with."),
  log: key(
    z.strictObject({
      level: key(z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]), "Least level logged.", "INFO"),
      format: key(z.enum(["common", "json"]), "Format.", "common"),
    }),
    "Traefik's log.",
  ),
  accessLog: key(
    z.union([z.boolean(), z.enum(["common", "json"]), accessLog]),
    "Log requests on the pods' output: every one by `true` or a format.",
    "false",
  ),
  metrics: key(
    z.union([z.boolean(), z.literal("service")]),
    "Prometheus metrics on port 9100; `service` adds a Service for them.",
    "false",
  ),
  dashboard: key(
    z.strictObject({
      host: required(filled, "Host it has to itself; a name without dots is below `domain`."),
      users: required(
        z.record(z.string(), secret),
        "Passwords, or their bcrypt hashes, by user name, from encrypted configuration.",
      ),
      allow: required(z.array(cidr), "Networks that may reach it."),
    }),
    "Traefik's dashboard, at `https://<host>/dashboard/`.",
    "not reachable",
  ),
  values: key(z.record(z.string(), z.unknown()), "Values of the chart that the keys above do not cover."),
});
