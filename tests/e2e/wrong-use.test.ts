import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { leftovers, ROOT, TestStack } from "./harness/index.ts";

/** Makes a stack whose previews and updates are refused, and removes it after the last test. */
function useRefused(name: string, options: Parameters<typeof TestStack.prepare>[1]): () => TestStack {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.prepare(name, options);
  });
  afterAll(() => stack.remove());
  return () => stack;
}

describe("a stack's configuration", () => {
  const NAME = "e2e-mistakes";
  const stack = useRefused(NAME, {
    from: "dev",
    config: {
      domian: "slipway.test",
      traefik: {
        websecure: { nodePort: 30_000 },
        lifeCycle: { graceTimeOut: 60 },
        podDisruptionBudget: { maxUnavailable: 0 },
      },
      middlewares: {
        nobody: { basicAuth: { users: {} } },
        old: { ipWhiteList: { sourceRange: ["10.0.0.0/8"] } },
      },
      apps: {
        api: { path: "api", replicas: -1 },
        hello: { nodePort: 30_000 },
        guide: { image: undefined },
        portal: { nodePort: 80 },
        clash: { image: "nginx", nodePort: 31_000 },
        clashed: { image: "nginx", nodePort: 31_000 },
        ingress: { image: "nginx", kind: "ingress", headers: { version: "2" } },
        nginx: {
          image: "nginx",
          kind: "ingress",
          annotations: { "nginx.ingress.kubernetes.io/limit-rate": "1" },
        },
        gateway: { image: "nginx", kind: "httpRoute", priority: 5 },
        canary: { image: "nginx", canary: { image: "nginx", weight: 101 } },
        scaled: { image: "nginx", replicas: 2, autoscaling: { maxReplicas: 4 } },
        kept: { image: "nginx", replicas: 2, disruptionBudget: { minAvailable: 2 } },
        hasty: { image: "nginx", shutdownSeconds: 30, terminationGracePeriodSeconds: 30 },
        aged: { image: "nginx", annotations: { "traefik.containo.us/priority": "1" } },
      },
    },
  });

  it("is refused with a line for each mistake, all at once", async () => {
    expect(await stack().refusal()).toEqual([
      "error: configuration of stack e2e-mistakes:",
      "  traefik.podDisruptionBudget.maxUnavailable: 0 must be above 0, or no node can be drained",
      "  traefik.lifeCycle.terminationGracePeriodSeconds: 30 must be above requestAcceptGraceTimeout + graceTimeOut, 5 + 60, or requests are cut off",
      "  middlewares.nobody.basicAuth.users: must hold at least one user: Traefik drops a route that nobody may use",
      '  middlewares.old.ipWhiteList: {"sourceRange":["10.0.0.0/8"]} is not known; ipWhiteList is called ipAllowList today',
      '  apps.aged.annotations.traefik.containo.us/priority: "1" is outdated: traefik.containo.us is traefik.io since Traefik 3',
      "  apps.api.replicas: -1 must be a whole number from 0",
      '  apps.api.path: "api" must begin with "/" and have no space, "?" or "#"',
      "  apps.canary.canary.weight: 101 must be a whole percentage from 0 to 100",
      expect.stringMatching(
        /^ {2}apps\.canary\.canary\.image: "slipway-nginx:\w+" is the app's own image: drop canary$/,
      ),
      "  apps.clashed.nodePort: 31000 is already taken by apps.clash.nodePort",
      "  apps.gateway.priority: 5 cannot be given to an HTTPRoute, whose most specific match wins",
      "  apps.guide.image: is required: a string",
      "  apps.hasty.terminationGracePeriodSeconds: 30 must be more than preStopSeconds (5) + shutdownSeconds (30), or the pod is killed before it has finished",
      "  apps.hello.nodePort: 30000 is already taken by traefik.websecure.nodePort",
      '  apps.ingress.headers: {"version":"2"} cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute',
      "  apps.kept.disruptionBudget.minAvailable: 2 would keep all of 2 replicas, so that no node with one could be drained: use less, or maxUnavailable",
      '  apps.nginx.annotations.nginx.ingress.kubernetes.io/limit-rate: "1" is not honoured by Traefik 3.7.11',
      "  apps.portal.nodePort: 80 must be from 30000 to 32767",
      "  apps.scaled.replicas: 2 is the autoscaler's to decide: leave it out",
      '  domian: "slipway.test" is not known; did you mean domain?',
    ]);
  });

  it("makes nothing", async () => {
    await expect(stack().up()).rejects.toThrow();
    expect(await leftovers(NAME, `slipway-${NAME}`)).toEqual([]);
  });

  it("leaves the committed stack files as they are", async () => {
    expect(await readFile(join(ROOT, "Pulumi.dev.yaml"), "utf8")).not.toContain("domian");
  });
});

describe("a program", () => {
  const stack = useRefused("e2e-wrong-use", { program: "tests/e2e/wrong-use" });

  it("is refused with a line for each mistake in a component's arguments", async () => {
    expect(await stack().refusal()).toEqual([
      "error: service elsewhere:",
      '  endpoints: "127.0.0.1" must not be a loopback address',
      '  endpoints: "169.254.169.254" must not be a link-local address',
      '  endpoints: "224.0.0.1" must not be a multicast address',
      '  endpoints: "example.com" must be an IPv4 or IPv6 address',
      "error: service families:",
      '  endpoints: ["192.0.2.1","2001:db8::1"] must be all IPv4 or all IPv6',
      "error: service external:",
      '  exposure.addresses: "127.0.0.1" must not be a loopback address',
      '  exposure.addresses: "fe80::1" must not be a link-local address',
      "error: service alias:",
      '  exposure.host: "192.0.2.1" must be a host\'s name, not an address or a URL',
      "error: metallb:",
      '  pools.one.addresses: "192.0.2.9-192.0.2.1" must be a range, such as "192.0.2.100-192.0.2.125" or "192.0.2.96/27"',
      '  pools.other.addresses: "192.0.2.15-192.0.2.20" overlaps 192.0.2.0/28 of pools.one.addresses',
      "error: service metrics:",
      '  ports.metrics.targetPort: "metrics" must be a TCP port of the target, which has: http (8080/TCP)',
      "error: route other-port:",
      "  service.port: 9100 must be a TCP port of the Service, which has: http (80/TCP)",
      "error: cron job report:",
      '  schedule: "0 24 * * *" has a wrong hour: 0 to 23, a-b, a,b, * or any with /step',
      '  timeZone: "Middle/Earth" must be a time zone, as in "Europe/Berlin"',
      "error: disruption budget web:",
      "  minAvailable: 2 would keep all of 2 replicas, so that no node with one could be drained: use less, or maxUnavailable",
      "error: autoscaler web:",
      '  target.replicas: 2 must be "autoscaled": the next `up` would undo what the autoscaler did',
      "  maxReplicas: 2 must be a whole number from minReplicas (3)",
      "error: route ingress-route:",
      "  gateway: is for kind httpRoute",
      "  filters: are for kind httpRoute; use middlewares",
      "  nginx: annotations are for kind ingress; use middlewares",
      "error: route ingress:",
      '  headers: {"version":"2"} cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute',
      '  query: {"version":"2"} cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute',
      '  methods: ["GET"] cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute',
      '  clientIps: ["10.0.0.0/8"] cannot be said by an Ingress, which knows hosts and paths only; use kind ingressRoute',
      '  service: ["web","web-next"] must be one: an Ingress cannot divide; use kind ingressRoute or httpRoute, or nginx\'s canary',
      "error: route http-route:",
      "  gateway: is required: the Gateway whose listeners it joins",
      "  tls: belongs to the Gateway's listeners for an HTTPRoute",
      '  clientIps: ["10.0.0.0/8"] cannot be asked by an HTTPRoute; use an ipAllowList middleware',
      "  priority: 5 cannot be given to an HTTPRoute, whose most specific match wins",
      "  service.sticky: true cannot be said by an HTTPRoute; use kind ingressRoute, or a TraefikService behind it",
      "error: route from-nginx:",
      '  annotations.nginx.ingress.kubernetes.io/configuration-snippet: "return 200;" holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute',
      '  annotations.nginx.ingress.kubernetes.io/limit-rate: "1" is not honoured by Traefik 3.7.11',
      '  nginx.canary-by-header-value: "2" needs canary-by-header',
      "error: route from-traefik-1:",
      '  annotations.kubernetes.io/ingress.class: "traefik" is set by the route\'s own Traefik: leave it out',
      "error: traefikService split:",
      "  weighted.services[0].weight: -0.5 must be a whole number of at least 0",
      "  weighted.services[1].weight: 0.5 must be a whole number of at least 0",
      "error: middleware login:",
      "  basicAuth.users: must hold at least one user: Traefik drops a route that nobody may use",
    ]);
  });
});
