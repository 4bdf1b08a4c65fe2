import { PLATFORM_LABEL, selectorLabels, stackLabels, STACK_LABEL } from "../base/labels.ts";
import type { TraefikConfig } from "./args.ts";
import { accessLog } from "./access-log.ts";
import { acmeValues } from "./acme.ts";
import { APP, ingressClassOf, nginxControllerOf, nginxIngressClassOf, serviceTypeOf } from "./defaults.ts";
import { tracesUrl } from "./tracing.ts";
import { type Values, compact, merge } from "../base/values.ts";
import { pluginValues } from "./plugins.ts";
import { podValues } from "./pods.ts";
import { ports } from "./entry-point-ports.ts";

/** Pulumi waits about ten seconds on a Service whose pods it awaits as the Deployment's anyway. */
const SKIP_AWAIT: Values = { "pulumi.com/skipAwait": "true" };

/**
 * Values for the Traefik chart, version 41, that install a Traefik of the stack's own: it serves this stack's routes
 * only, runs unprivileged, and trusts nobody it was not told to.
 *
 * Values that Slipway's guarantees depend on are set even where they equal the chart's defaults, which may change.
 * Source of the names: the chart's `values.schema.json`, 41.3.0.
 */
export function traefikValues(config: TraefikConfig): Values {
  const generated = compact({
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    image: config.image === undefined ? undefined : { ...config.image },
    commonLabels: commonLabels(config),
    instanceLabelOverride: selectorLabels(config.stack, APP)["app.kubernetes.io/instance"],
    ...podValues(config),
    ...acmeValues(config),
    ...pluginValues(config),
    ingressClass: { enabled: true, isDefaultClass: false, name: ingressClassOf(config) },
    // Both would need their CRDs to be known in the chart's preview; the component makes what is wanted of them.
    gateway: { enabled: false },
    gatewayClass: { enabled: false },
    providers: providers(config),
    ports: ports(config),
    service: service(config),
    additionalArguments: forwarding(config),
    ...observability(config),
  });
  return merge(generated, config.values ?? {});
}

/** The stack's labels, without those that the chart sets itself. */
function commonLabels({ stack }: TraefikConfig): Values {
  return Object.fromEntries(
    Object.entries(stackLabels(stack)).filter(([label]) => label !== "app.kubernetes.io/managed-by"),
  );
}

/** Each provider reads what is the stack's: by class and by label where it knows both. */
function providers(config: TraefikConfig): Values {
  const { kubernetesCRD, kubernetesIngress, kubernetesIngressNGINX, kubernetesGateway } =
    config.providers ?? {};
  const ingressClass = ingressClassOf(config);
  const { stack, platform } = config.stack;
  const labelSelector = platform === undefined ? `${STACK_LABEL}=${stack}` : `${PLATFORM_LABEL}=${platform}`;
  const { address } = config;
  const published = address === undefined;
  return {
    kubernetesCRD: {
      enabled: true,
      ingressClass,
      labelSelector,
      allowCrossNamespace: kubernetesCRD?.allowCrossNamespace ?? false,
      allowExternalNameServices: kubernetesCRD?.allowExternalNameServices ?? false,
      // Without it, objects of different namespaces can get one name, and the last one wins.
      safeNaming: true,
      // TLSOption and TLSStore have no class: a `default` elsewhere must not become this stack's.
      defaultTLSResourcesNamespace: config.namespace,
    },
    kubernetesIngress: {
      enabled: true,
      ingressClass,
      labelSelector,
      allowExternalNameServices: kubernetesIngress?.allowExternalNameServices ?? false,
      // Prefixes by path segments, as Ingress defines them: without it /api would match /apifoo.
      strictPrefixMatching: true,
      publishedService: { enabled: published },
      ingressEndpoint: address && { ...address },
    },
    kubernetesIngressNGINX: {
      enabled: kubernetesIngressNGINX === true,
      ...(kubernetesIngressNGINX === true && {
        // It has no label selector, and reads its namespace selector once, at start: the controller's name keeps
        // two stacks apart.
        controllerClass: nginxControllerOf(config),
        ingressClass: nginxIngressClassOf(config),
        // Left to itself it would also listen on the entry points for TCP.
        httpEntryPoint: "web",
        httpsEntryPoint: "websecure",
        publishService: { enabled: published },
        publishStatusAddress: address && ("ip" in address ? address.ip : address.hostname),
      }),
    },
    kubernetesGateway: {
      enabled: kubernetesGateway === true,
      ...(kubernetesGateway === true && { labelSelector, statusAddress: address && { ...address } }),
    },
  };
}

function service(config: TraefikConfig): Values {
  const { annotations, externalTrafficPolicy, loadBalancerIP, loadBalancerClass, loadBalancerSourceRanges } =
    config.service ?? {};
  const type = serviceTypeOf(config);
  return {
    enabled: true,
    // TCP and UDP behind one address.
    single: true,
    annotations: {
      // Only a LoadBalancer's address is worth waiting for.
      ...(type === "LoadBalancer" ? {} : SKIP_AWAIT),
      ...annotations,
    },
    spec: { type, externalTrafficPolicy, loadBalancerIP, loadBalancerClass, loadBalancerSourceRanges },
  };
}

/** The chart has no values for these. */
function forwarding({ forwardingTimeouts }: TraefikConfig): string[] | undefined {
  const given = Object.entries<number | undefined>({ ...forwardingTimeouts }).flatMap(([name, seconds]) =>
    seconds === undefined ? [] : [`--serversTransport.forwardingTimeouts.${name}=${seconds}s`],
  );
  return given.length > 0 ? given : undefined;
}

function observability(config: TraefikConfig): Values {
  const { metrics = false, tracing } = config;
  return {
    log: { level: config.log?.level ?? "INFO", format: config.log?.format, noColor: true },
    accessLog: accessLog(config.accessLog ?? false),
    metrics: {
      prometheus:
        metrics === false
          ? null
          : {
              entryPoint: "metrics",
              addRoutersLabels: true,
              service: { enabled: metrics === "service", annotations: SKIP_AWAIT },
            },
    },
    ...(tracing && {
      tracing: {
        // Several stacks may send to one collector.
        serviceName: ingressClassOf(config),
        sampleRate: tracing.sampleRate,
        otlp: { enabled: true, http: { enabled: true, endpoint: tracesUrl(tracing.endpoint) } },
      },
    }),
    api: {
      dashboard: config.dashboard === true,
      ...(config.dashboard === true && {
        // Several stacks have one each, and they look alike.
        dashboardName: ingressClassOf(config),
        // It would be a script from another site, on a page that shows every route.
        disableDashboardAd: true,
      }),
    },
  };
}
