import { checkChart } from "../base/chart.ts";
import type { Problems } from "../base/errors.ts";
import { checkAnnotations, checkLabels } from "../base/metadata.ts";
import {
  address,
  all,
  cidr,
  dnsLabel,
  imageDigest,
  imageRepository,
  imageTag,
  labelKey,
  objectName,
  positive,
  registryPrefix,
  rule,
  seconds,
  share,
} from "../base/rules/index.ts";
import { checkResources } from "../workload/resources.ts";
import { checkToleration } from "../workload/scheduling.ts";
import { checkAccessLog } from "./access-log.ts";
import { checkAcme } from "./acme.ts";
import type { TraefikConfig } from "./args.ts";
import { checkTls } from "./cipher-suites.ts";
import { ingressClassOf, kindOf, lifeCycleOf, serviceTypeOf } from "./defaults.ts";
import { resourcesOf } from "./pods.ts";
import { checkPlugins } from "./plugins.ts";
import { checkEntryPoints } from "./port-checks.ts";
import { checkTracing } from "./tracing.ts";
import type { TraefikArgs } from "./traefik.ts";

/** Records every mistake in what decides Traefik's Helm values. */
export function checkTraefik(config: TraefikConfig, problems: Problems): void {
  problems.check("namespace", config.namespace, dnsLabel);
  problems.check("ingressClass", ingressClassOf(config), className);
  checkReplicas(config, problems);
  checkAcme(config, problems);
  checkPlugins(config, problems.at("localPlugins"));
  checkBudget(config, problems.at("podDisruptionBudget"));
  checkService(config, problems.at("service"));
  checkLifeCycle(config, problems.at("lifeCycle"));
  checkForwardingTimeouts(config, problems);
  checkEntryPoints(config, problems);
  checkAccessLog(config.accessLog ?? false, problems.at("accessLog"));
  checkTls(config.tls ?? {}, problems.at("tls"));
  if (config.tracing !== undefined) checkTracing(config.tracing, problems.at("tracing"));
  checkPods(config, problems);
}

/** A name that the chart's templates write without quotes, so that YAML must not take it for something else than a text. */
const className = all(
  dnsLabel,
  rule<string>(
    "must not be what YAML takes for a number, true, false or null",
    (text) => !/^(null|true|false|yes|no|on|off|y|n|\d+(e\d+)?|0[xo][0-9a-f]+)$/.test(text),
  ),
);

/** Records what is wrong with where the chart and its CRDs come from. */
export function checkSources(
  { chart = {}, crds, crdFiles, retainCrds }: Pick<TraefikArgs, "chart" | "crds" | "crdFiles" | "retainCrds">,
  problems: Problems,
): void {
  checkChart(chart, problems.at("chart"));
  problems.unless(crdFiles?.length !== 0, "crdFiles", [], "must hold at least one file or URL");
  problems.checkEach(
    "crdFiles",
    crdFiles,
    rule<string>("must not be empty", (file) => file.trim() !== ""),
  );
  if (crds !== "external") return;
  const owned = "is for crds: install";
  problems.unless(crdFiles === undefined, "crdFiles", crdFiles, owned);
  problems.unless(retainCrds !== true, "retainCrds", retainCrds, owned);
}

const onePod = rule<number>("must be 1 or more", positive.test);

function checkReplicas(config: TraefikConfig, problems: Problems): void {
  const { replicas, autoscaling } = config;
  const daemon = kindOf(config) === "DaemonSet";
  problems.check("replicas", replicas, onePod);
  if (replicas !== undefined) {
    const everywhere = "has no meaning for a DaemonSet, which has a pod on every node";
    problems.unless(!daemon, "replicas", replicas, everywhere);
    const decided = "is the autoscaler's to decide: leave it out";
    problems.unless(autoscaling === undefined, "replicas", replicas, decided);
  }
  if (autoscaling === undefined) return;
  const { minReplicas = 1, maxReplicas, cpuPercent } = autoscaling;
  problems.unless(!daemon, "autoscaling", autoscaling, "has no meaning for a DaemonSet");
  problems.check("autoscaling.minReplicas", minReplicas, onePod);
  problems.unless(
    positive.test(maxReplicas) && maxReplicas >= minReplicas,
    "autoscaling.maxReplicas",
    maxReplicas,
    `must be ${minReplicas} or more, as minReplicas is`,
  );
  problems.check("autoscaling.cpuPercent", cpuPercent, positive);
}

function checkBudget(config: TraefikConfig, problems: Problems): void {
  const { podDisruptionBudget: budget } = config;
  if (budget === undefined) return;
  for (const [key, value] of Object.entries<number | string | undefined>({ ...budget })) {
    problems.check(key, value, share);
  }
  if ("minAvailable" in budget) {
    const { minAvailable } = budget;
    const fewest = config.autoscaling?.minReplicas ?? config.replicas ?? 1;
    const ok = typeof minAvailable === "number" ? minAvailable < fewest : minAvailable !== "100%";
    problems.unless(
      kindOf(config) === "DaemonSet" || ok,
      "minAvailable",
      minAvailable,
      `must be below the ${fewest} pods there are, or no node can be drained`,
    );
  } else {
    const none = Number.parseInt(String(budget.maxUnavailable), 10) === 0;
    problems.unless(
      !none,
      "maxUnavailable",
      budget.maxUnavailable,
      "must be above 0, or no node can be drained",
    );
  }
}

const LOAD_BALANCER_KEYS = [
  "loadBalancerIP",
  "loadBalancerClass",
  "loadBalancerSourceRanges",
  "timeoutSeconds",
] as const;

function checkService(config: TraefikConfig, problems: Problems): void {
  const type = serviceTypeOf(config);
  const service = config.service ?? {};
  problems.unless(
    config.hostNetwork !== true || type === "ClusterIP",
    "type",
    type,
    "cannot be had on the host's network, where clients reach Traefik at the nodes: use ClusterIP",
  );
  problems.unless(
    service.externalTrafficPolicy === undefined || type !== "ClusterIP",
    "externalTrafficPolicy",
    service.externalTrafficPolicy,
    "has no meaning for a ClusterIP Service",
  );
  for (const key of LOAD_BALANCER_KEYS) {
    const value = service[key];
    const allowed = `has no meaning for a ${type} Service`;
    problems.unless(value === undefined || type === "LoadBalancer", key, value, allowed);
  }
  problems.check("timeoutSeconds", service.timeoutSeconds, positive);
  problems.check("loadBalancerIP", service.loadBalancerIP, address);
  problems.check("loadBalancerClass", service.loadBalancerClass, labelKey);
  problems.checkEach("loadBalancerSourceRanges", service.loadBalancerSourceRanges, cidr);
  problems.unless(
    service.loadBalancerSourceRanges?.length !== 0,
    "loadBalancerSourceRanges",
    [],
    "must hold at least one network; leave it out to let everyone in",
  );
  checkAnnotations(service.annotations ?? {}, problems.at("annotations"));
}

function checkLifeCycle(config: TraefikConfig, problems: Problems): void {
  const { requestAcceptGraceTimeout, graceTimeOut, terminationGracePeriodSeconds } = lifeCycleOf(config);
  for (const [key, value] of Object.entries<number | undefined>({ ...config.lifeCycle }))
    problems.check(key, value, seconds);
  const keepAlive = config.lifeCycle?.keepAliveMaxTime;
  problems.unless(keepAlive !== 0, "keepAliveMaxTime", keepAlive, "must be above 0; leave it out for none");
  problems.unless(
    requestAcceptGraceTimeout + graceTimeOut < terminationGracePeriodSeconds,
    "terminationGracePeriodSeconds",
    terminationGracePeriodSeconds,
    `must be above requestAcceptGraceTimeout + graceTimeOut, ${requestAcceptGraceTimeout} + ${graceTimeOut}, or requests are cut off`,
  );
}

function checkForwardingTimeouts({ forwardingTimeouts, values }: TraefikConfig, problems: Problems): void {
  if (forwardingTimeouts === undefined) return;
  for (const [key, value] of Object.entries<number | undefined>({ ...forwardingTimeouts }))
    problems.at("forwardingTimeouts").check(key, value, positive);
  const { additionalArguments } = values ?? {};
  problems.unless(
    additionalArguments === undefined,
    "values.additionalArguments",
    additionalArguments,
    "would take the place of forwardingTimeouts: say these there, too",
  );
}

function checkPods(config: TraefikConfig, problems: Problems): void {
  const { image = {}, nodeSelector = {}, tolerations = [], imagePullSecrets, priorityClassName } = config;
  problems.check("image.registry", image.registry, registryPrefix);
  problems.check("image.repository", image.repository, imageRepository);
  problems.check("image.tag", image.tag, imageTag);
  problems.check("image.digest", image.digest, imageDigest);
  problems.checkEach("imagePullSecrets", imagePullSecrets, objectName);
  problems.checkDistinct("imagePullSecrets", imagePullSecrets);
  problems.check("priorityClassName", priorityClassName, objectName);
  checkLabels(nodeSelector, problems.at("nodeSelector"));
  tolerations.forEach((toleration, index) => {
    checkToleration(toleration, problems.at("tolerations", index));
  });
  if (config.resources !== undefined) checkResources(resourcesOf(config), problems.at("resources"));
}
