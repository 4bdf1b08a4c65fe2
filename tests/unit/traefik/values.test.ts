import { describe, expect, test } from "vitest";

import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { shapes } from "./shapes.ts";

const dev = shapes["dev"] as TraefikConfig;
const values = (more: Partial<TraefikConfig> = {}): unknown => traefikValues({ ...dev, ...more });
const shape = (name: string): unknown => traefikValues(shapes[name] as TraefikConfig);

describe("values", () => {
  test("of a development stack, exactly", () => {
    expect(values()).toEqual({
      global: { checkNewVersion: false, sendAnonymousUsage: false },
      commonLabels: {
        "app.kubernetes.io/part-of": "slipway",
        "slipway.dev/project": "slipway",
        "slipway.dev/stack": "dev",
      },
      instanceLabelOverride: "slipway-dev",
      deployment: { kind: "Deployment", replicas: 1, terminationGracePeriodSeconds: 30 },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      startupProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 1, failureThreshold: 60 },
      readinessProbe: { initialDelaySeconds: 0, periodSeconds: 1, failureThreshold: 3 },
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
      hostNetwork: false,
      podSecurityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      },
      rbac: { enabled: true },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: {
            matchLabels: { "app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "slipway-dev" },
          },
          matchLabelKeys: ["pod-template-hash"],
        },
      ],
      ingressClass: { enabled: true, isDefaultClass: false, name: "slipway-dev" },
      gateway: { enabled: false },
      gatewayClass: { enabled: false },
      providers: {
        kubernetesCRD: {
          enabled: true,
          ingressClass: "slipway-dev",
          labelSelector: "slipway.dev/stack=dev",
          allowCrossNamespace: false,
          allowExternalNameServices: false,
          safeNaming: true,
          defaultTLSResourcesNamespace: "slipway-dev-traefik",
        },
        kubernetesIngress: {
          enabled: true,
          ingressClass: "slipway-dev",
          labelSelector: "slipway.dev/stack=dev",
          allowExternalNameServices: false,
          strictPrefixMatching: true,
          publishedService: { enabled: false },
          ingressEndpoint: { ip: "198.51.100.2" },
        },
        kubernetesIngressNGINX: { enabled: false },
        kubernetesGateway: { enabled: false },
      },
      ports: {
        web: {
          port: 8000,
          expose: { default: true },
          exposedPort: 30_350,
          nodePort: 30_350,
          transport: { lifeCycle: { requestAcceptGraceTimeout: 5, graceTimeOut: 20 } },
          forwardedHeaders: { insecure: false },
          proxyProtocol: { insecure: false },
          http: {
            redirections: {
              entryPoint: { to: "websecure", scheme: "https", permanent: true, priority: "-2147483648" },
            },
          },
        },
        websecure: {
          port: 8443,
          expose: { default: true },
          exposedPort: 31_971,
          nodePort: 31_971,
          transport: { lifeCycle: { requestAcceptGraceTimeout: 5, graceTimeOut: 20 } },
          forwardedHeaders: { insecure: false },
          proxyProtocol: { insecure: false },
          http: { tls: { enabled: true } },
        },
        metrics: null,
      },
      service: {
        enabled: true,
        single: true,
        annotations: { "pulumi.com/skipAwait": "true" },
        spec: { type: "NodePort" },
      },
      log: { level: "DEBUG", noColor: true },
      accessLog: { enabled: true, fields: { headers: { defaultMode: "drop" } } },
      metrics: { prometheus: null },
      api: { dashboard: true, dashboardName: "slipway-dev", disableDashboardAd: true },
    });
  });

  test("are plain: the preview stays whole", () => {
    for (const config of Object.values(shapes)) {
      const plain = traefikValues(config);
      expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
    }
  });

  const ENTRY_POINT = "ports.web.http.redirections.entryPoint";

  test("redirect to 443 behind a LoadBalancer, and everything if told so", () => {
    expect(shape("prod")).toHaveProperty("ports.websecure.exposedPort", 443);
    expect(shape("prod")).toHaveProperty(ENTRY_POINT, { to: "websecure", scheme: "https", permanent: true });
  });

  test("do not redirect to a port nobody knows", () => {
    const unknown = values({ service: { type: "NodePort" }, web: {}, websecure: {} });
    expect(unknown).toHaveProperty("ports.websecure");
    expect(unknown).not.toHaveProperty("ports.websecure.nodePort");
    expect(unknown).not.toHaveProperty("ports.web.http");
    expect(values({ redirect: "none" })).not.toHaveProperty("ports.web.http");
  });

  test("redirect to the port of a gateway in front of node ports", () => {
    const behind = values({ websecure: { nodePort: 31_971, exposedPort: 443 } });
    expect(behind).toHaveProperty("ports.websecure.nodePort", 31_971);
    expect(behind).toHaveProperty("ports.websecure.exposedPort", 443);
    expect(behind).toHaveProperty(`${ENTRY_POINT}.to`, "websecure");
  });

  test("await the Service of a LoadBalancer only", () => {
    expect(shape("prod")).toHaveProperty("service.annotations", { "example.com/pool": "public" });
    expect(shape("smallest")).not.toHaveProperty("service.annotations");
    expect(shape("host")).toHaveProperty("service.annotations", { "pulumi.com/skipAwait": "true" });
    expect(shape("prod")).toHaveProperty("metrics.prometheus.service", {
      enabled: true,
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });

  test("on the host's network: a pod a node, ports 80 and 443, one capability", () => {
    expect(shape("host")).toMatchObject({
      ports: {
        web: { port: 80, hostPort: 80, exposedPort: 80 },
        websecure: { port: 443, hostPort: 443, exposedPort: 443 },
      },
      podSecurityContext: { runAsNonRoot: false, runAsUser: 0 },
      updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    });
    expect(shape("host")).toHaveProperty("deployment", {
      kind: "DaemonSet",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirstWithHostNet",
    });
    expect(shape("host")).toHaveProperty("securityContext.capabilities", {
      drop: ["ALL"],
      add: ["NET_BIND_SERVICE"],
    });
    expect(shape("host")).toHaveProperty("service.spec", { type: "ClusterIP" });
    expect(shape("host")).not.toHaveProperty("topologySpreadConstraints");
  });

  test("on the host's network above 1024: unprivileged", () => {
    expect(shape("highHost")).toHaveProperty("securityContext.capabilities", { drop: ["ALL"] });
    expect(shape("highHost")).toMatchObject({
      podSecurityContext: { runAsNonRoot: true, runAsUser: 65_532 },
    });
  });

  test("keep two stacks' ingress-nginx classes apart by controller", () => {
    expect(shape("prod")).toHaveProperty("providers.kubernetesIngressNGINX", {
      enabled: true,
      controllerClass: "slipway.dev/ingress-nginx-public",
      ingressClass: "public-nginx",
      httpEntryPoint: "web",
      httpsEntryPoint: "websecure",
      publishService: { enabled: true },
    });
    expect(shape("host")).toMatchObject({
      providers: {
        kubernetesIngressNGINX: {
          publishService: { enabled: false },
          publishStatusAddress: "edge.example.com",
        },
      },
    });
  });

  test("read the Gateways of the stack's classes only", () => {
    expect(shape("prod")).toHaveProperty("providers.kubernetesGateway", {
      enabled: true,
      labelSelector: "slipway.dev/stack=prod",
    });
  });

  test("leave the number of pods to the autoscaler", () => {
    expect(shape("autoscaled")).not.toHaveProperty("deployment.replicas");
    expect(shape("autoscaled")).toMatchObject({
      autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 6 },
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    });
  });

  test("have no disruption budget for a single pod", () => {
    expect(values()).not.toHaveProperty("podDisruptionBudget");
    expect(shape("staging")).toHaveProperty("podDisruptionBudget", { enabled: true, maxUnavailable: 1 });
    expect(shape("prod")).toHaveProperty("podDisruptionBudget", { enabled: true, minAvailable: 2 });
  });

  test("expose further entry points", () => {
    expect(shape("prod")).toMatchObject({
      ports: {
        mqtt: { port: 1883, exposedPort: 8883, protocol: "TCP", expose: { default: true } },
        dns: { port: 5353, exposedPort: 53, protocol: "UDP" },
      },
    });
  });

  test("end connections and pods in the time given", () => {
    expect(shape("prod")).toHaveProperty("ports.websecure.transport", {
      lifeCycle: { requestAcceptGraceTimeout: 10, graceTimeOut: 45 },
      keepAliveMaxTime: 9,
    });
    expect(shape("prod")).toHaveProperty("deployment.terminationGracePeriodSeconds", 60);
  });

  test("wait for an app's pod as long as they are told", () => {
    expect(shape("prod")).toHaveProperty("additionalArguments", [
      "--serversTransport.forwardingTimeouts.dialTimeout=1s",
      "--serversTransport.forwardingTimeouts.responseHeaderTimeout=60s",
    ]);
    expect(values()).not.toHaveProperty("additionalArguments");
  });

  test("believe forwarded headers and the PROXY protocol of the named networks only", () => {
    expect(shape("prod")).toHaveProperty("ports.web.forwardedHeaders", {
      insecure: false,
      trustedIPs: ["10.0.0.0/8", "2001:db8::/32"],
    });
    expect(shape("prod")).toHaveProperty("ports.websecure.proxyProtocol", {
      insecure: false,
      trustedIPs: ["10.1.0.0/16"],
    });
  });

  test("have no dashboard unless told so", () => {
    expect(shape("smallest")).toHaveProperty("api", { dashboard: false });
  });

  test("log what is asked for, and no header that is not named", () => {
    expect(shape("smallest")).toHaveProperty("accessLog", { enabled: false });
    expect(shape("prod")).toHaveProperty("accessLog", {
      enabled: true,
      format: "json",
      fields: { headers: { defaultMode: "drop" } },
    });
    expect(shape("host")).toHaveProperty("accessLog", {
      enabled: true,
      format: "json",
      filters: { statusCodes: "404,500-599", minDuration: "2s" },
      fields: {
        headers: { defaultMode: "drop", names: { "User-Agent": "keep", "X-Request-Id": "keep" } },
        queryParameters: { defaultMode: "drop" },
      },
    });
  });

  test("expire with the stack", () => {
    expect(shape("staging")).toHaveProperty(["commonLabels", "slipway.dev/expires"], "2030-01-31");
  });

  test("yield to the user's own, object by object", () => {
    const merged = values({
      values: {
        api: { insecure: false },
        ports: { web: { nodePort: 30_999 } },
        env: [{ name: "A", value: "b" }],
      },
    });
    expect(merged).toHaveProperty("api.insecure", false);
    expect(merged).toHaveProperty("api.dashboard", true);
    expect(merged).toMatchObject({ ports: { web: { port: 8000, nodePort: 30_999 } } });
    expect(merged).toHaveProperty("env", [{ name: "A", value: "b" }]);
  });
});
