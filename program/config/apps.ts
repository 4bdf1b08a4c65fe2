import { z } from "zod";

import { container, containerKeys, containerPort, terminationKeys } from "./containers.ts";
import { toleration } from "./pods.ts";
import {
  cidr,
  count,
  dnsLabel,
  filled,
  key,
  nodePort,
  path,
  port,
  positive,
  required,
  secret,
  seconds,
  share,
  stringMap,
  strings,
} from "./values.ts";

const spread = z.strictObject({
  topologyKey: required(filled, "Label of nodes."),
  maxSkew: key(positive, "Largest difference between two values.", "1"),
  whenUnsatisfiable: key(
    z.enum(["DoNotSchedule", "ScheduleAnyway"]),
    "Whether a pod waits.",
    "ScheduleAnyway",
  ),
});

const podKeys = {
  ...terminationKeys,
  initContainers: key(
    z.record(z.string(), container),
    "Containers that run to their end before the app starts.",
  ),
  sidecars: key(z.record(z.string(), container), "Containers beside the app's."),
  pullSecrets: key(
    strings,
    "Further Secrets with passwords of private registries.",
    "made from registryAuth",
  ),
  serviceAccountName: key(filled, "Service account of the pods.", "the namespace's default, without a token"),
  automountServiceAccountToken: key(z.boolean(), "Whether pods may talk to the API server.", "false"),
  enableServiceLinks: key(
    z.boolean(),
    "Whether pods are told the namespace's Services by variables.",
    "false",
  ),
  podAnnotations: key(stringMap, "Annotations of the pods."),
  nodeSelector: key(stringMap, "Labels of the nodes the pods run on."),
  tolerations: key(z.array(toleration), "Taints the pods put up with."),
  spread: key(
    z.array(z.union([filled, spread])),
    "Labels of nodes to spread the pods over: `kubernetes.io/hostname`.",
  ),
  priorityClassName: key(filled, "PriorityClass of the pods."),
};

const rollingUpdate = z.strictObject({
  type: required(z.literal("rollingUpdate"), "`rollingUpdate`."),
  maxSurge: key(share, "Pods above `replicas` during a rollout.", "25%"),
  maxUnavailable: key(share, "Pods below `replicas` during a rollout.", "0"),
});

const autoscaling = z.strictObject({
  minReplicas: key(positive, "Fewest pods.", "1"),
  maxReplicas: required(positive, "Most pods."),
  cpu: key(positive, "Average use to keep, percent of the CPU requested.", "80, unless memory is given"),
  memory: key(positive, "Average use to keep, percent of the memory requested.", "not looked at"),
});

const deploymentKeys = {
  replicas: key(count, "Number of pods.", "1"),
  autoscaling: key(autoscaling, "Let the load decide the number of pods; needs a metrics server."),
  strategy: key(
    z.union([z.enum(["rollingUpdate", "recreate"]), rollingUpdate]),
    "How new pods take the place of old ones.",
    "a rolling update that never has fewer pods than replicas",
  ),
  minReadySeconds: key(seconds, "Seconds a pod must stay ready before it counts.", "0"),
  revisionHistoryLimit: key(count, "Old revisions kept.", "10"),
  paused: key(z.boolean(), "Stop a rollout where it stands.", "false"),
  progressDeadlineSeconds: key(positive, "Seconds within which new pods must be ready.", "120"),
  disruptionBudget: key(
    z.union([
      z.boolean(),
      z.strictObject({ maxUnavailable: required(share, "Pods that may be missing at once.") }),
      z.strictObject({ minAvailable: required(share, "Pods that must stay.") }),
    ]),
    "What a drain leaves of the pods; true for all but one.",
    "false",
  ),
};

const externalTrafficPolicy = key(
  z.enum(["Cluster", "Local"]),
  "`Local` keeps the client's address.",
  "Cluster",
);

const exposure = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("clusterIP") }),
  z.strictObject({ kind: z.literal("headless") }),
  z.strictObject({ kind: z.literal("nodePort"), externalTrafficPolicy }),
  z.strictObject({
    kind: z.literal("loadBalancer"),
    externalTrafficPolicy,
    class: key(filled, "Which of several load balancers serves it."),
    sourceRanges: key(z.array(cidr), "Networks whose clients are let in.", "all"),
    allocateNodePorts: key(z.boolean(), "Whether node ports are opened, too.", "true"),
    timeoutSeconds: key(positive, "Seconds that `pulumi up` waits for an address.", "120"),
  }),
  z.strictObject({
    kind: z.literal("externalIPs"),
    addresses: required(strings, "Addresses routed to the nodes by hand; not a node's own."),
    externalTrafficPolicy,
  }),
]);

const serviceKeys = {
  port: key(port, "Port the container listens on, named http.", "8080"),
  ports: key(
    z.record(z.string(), containerPort),
    "Ports of the container by name, instead of `port`; the first one is routed to.",
  ),
  servicePort: key(port, "Port of the Service that leads to the container's first port.", "80"),
  exposure: key(exposure, "How the Service is reached besides the route.", "{ kind: clusterIP }"),
  nodePort: key(nodePort, "Node port of the Service; short for the exposure nodePort with this port."),
  sessionAffinity: key(
    z.union([
      z.literal("ClientIP"),
      z.strictObject({ timeoutSeconds: required(positive, "Seconds of silence after which it ends.") }),
    ]),
    "Lead one client, told by its address, to the same pod.",
  ),
};

const textMatch = z.union([
  z.string(),
  z.strictObject({ regex: required(filled, "Go regular expression.") }),
]);

const canary = z.strictObject({
  image: required(filled, "Image of the new version."),
  weight: required(z.number().int().min(0).max(100), "Percent of the requests it gets."),
  replicas: key(count, "Pods of the new version.", "1"),
});

const routeKeys = {
  route: key(z.boolean(), "Whether the app is published at all.", "true"),
  kind: key(z.enum(["ingressRoute", "ingress", "httpRoute"]), "Object that publishes it.", "ingressRoute"),
  host: key(filled, "Host; a name without dots is below `domain`.", "the app's name"),
  hosts: key(strings, "Several hosts, instead of `host`."),
  path: key(path, "Path prefix: `/api` is `/api` and `/api/…`, not `/apifoo`.", "/"),
  pathType: key(z.enum(["prefix", "exact", "regex"]), "How the path is compared.", "prefix"),
  headers: key(z.record(z.string(), textMatch), "Headers a request must have: a value, or `{ regex }`."),
  query: key(z.record(z.string(), textMatch), "Query parameters a request must have."),
  methods: key(strings, "HTTP methods, one of which a request has."),
  priority: key(positive, "Which of several routes is asked first; the highest is.", "the more specific"),
  stripPrefix: key(
    z.boolean(),
    "Take the path off before the app sees it; apps that build links are told by `rootPathEnv`.",
    "false",
  ),
  rootPathEnv: key(
    filled,
    "Variable that tells the app the prefix that was taken off.",
    "UVICORN_ROOT_PATH for the image fastapi",
  ),
  middlewares: key(z.array(dnsLabel), "Names from `middlewares`, in the order requests go through them."),
  annotations: key(stringMap, "Annotations of the route."),
  nginx: key(
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), strings])),
    "Annotations of ingress-nginx without their prefix, for the kind ingress: `rewrite-target: /$2`.",
  ),
  canary: key(canary, "A new version that gets part of the requests."),
};

/** One app: its pods, its Service and its route. */
export const appSchema = z.strictObject({
  image: required(
    filled,
    "`fastapi` or `nginx`, which are built from apps/ of this repository, or any image reference.",
  ),
  title: key(filled, "Name on the portal.", "the app's name"),
  description: key(filled, "A sentence for the portal."),
  portal: key(z.boolean(), "Whether this nginx app is the portal page of the stack.", "false"),
  namespace: key(
    dnsLabel,
    "Suffix of a namespace of its own: `<project>-<stack>-<namespace>`.",
    "<project>-<stack>",
  ),
  secretEnv: key(
    z.record(z.string(), secret),
    "Environment variables from encrypted configuration, by way of a Secret.",
  ),
  labels: key(stringMap, "Further labels of its objects."),
  ...serviceKeys,
  ...routeKeys,
  ...deploymentKeys,
  ...containerKeys,
  ...podKeys,
});

export type AppSettings = z.output<typeof appSchema>;
