import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { Namespace, Platform } from "../platform/index.ts";
import { Gateway, Route, type RouteTls } from "../route/index.ts";
import { Service } from "../service/index.ts";
import {
  Deployment,
  type Env,
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  Secret,
} from "../workload/index.ts";
import { checkApp, ruleOf } from "./check.ts";
import { deploymentArgs } from "./deployment.ts";
import { type AppSpec, type Canary, decidesRedirect, exposureOf, servicePortsOf } from "./spec.ts";

/** Arguments of {@link App}. */
export interface AppArgs extends AppSpec {
  /** What it shares with the stack's other apps. */
  readonly platform: Platform;
  /** Where it lives. */
  readonly namespace: Namespace;
  /** Further labels of its objects. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * A published app: its pods, the Service in front of them, a certificate for its hosts, and the route that leads there.
 * Its name is theirs, too.
 *
 * ```ts
 * const api = new App("api", {
 *   platform, namespace,
 *   image: "registry.example/api:1.4", replicas: 3, probes: { readiness: "/readyz" },
 *   hosts: ["shop.example.org"], path: "/api", stripPrefix: true,
 * });
 * export const url = api.url; // https://shop.example.org/api
 * ```
 */
export class App extends Component {
  /** Where clients find it; `undefined` for an app that is not published. */
  readonly url: pulumi.Output<string> | undefined;
  readonly deployment: Deployment;
  readonly service: Service;

  /** @param opts its parent is the namespace, unless another is given */
  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("app:App", name, { ...args.namespace.within(), ...opts });
    const { platform, namespace, labels, ...spec } = args;
    const problems = new Problems(`app ${name}`);
    checkApp(name, spec, problems);
    problems.throwIfAny();
    const place: Place = { stack: platform.stack, namespace, labels };

    const secretEnv = this.#secretEnv(name, spec, place);
    const pullSecrets = [...(spec.pullSecrets ?? []), ...present(namespace.pullSecret)];
    const pods = { ...spec, ...(pullSecrets.length > 0 && { pullSecrets }) };
    const replicas = spec.autoscaling === undefined ? spec.replicas : "autoscaled";
    this.deployment = this.#deployment(name, place, deploymentArgs(pods, replicas, secretEnv));
    this.service = this.#service(name, spec, this.deployment, labels);
    this.#guards(name, spec, labels);

    const next = spec.canary && this.#canary(name, spec.canary, pods, place, secretEnv);
    const [host] = spec.hosts;
    if (host !== undefined) this.#publish(name, args, place, next);
    // A regular expression is no path to link to.
    const path = spec.pathType === "regex" ? "/" : spec.path;
    this.url = host === undefined ? undefined : platform.url(host, path);
  }

  #deployment(name: string, place: Place, args: ReturnType<typeof deploymentArgs>): Deployment {
    // Pods are not left to the namespace: its controller looks again only after half of their grace period.
    return new Deployment(name, { ...place, ...args }, { parent: this });
  }

  #secretEnv(name: string, { secretEnv = {} }: AppSpec, place: Place): Env {
    const names = Object.keys(secretEnv);
    if (names.length === 0) return {};
    const secret = new Secret(`${name}-env`, { ...place, data: secretEnv }, this.child());
    return Object.fromEntries(names.map((key) => [key, { secretKeyRef: { name: secret, key } }]));
  }

  /** What sets the number of pods, and what keeps them while nodes are drained. */
  #guards(name: string, { autoscaling, disruptionBudget = false }: AppSpec, labels: Labels): void {
    const target = this.deployment;
    if (autoscaling !== undefined) {
      new HorizontalPodAutoscaler(name, { labels, target, ...autoscaling }, this.child());
    }
    if (disruptionBudget === false) return;
    const budget = disruptionBudget === true ? {} : disruptionBudget;
    new PodDisruptionBudget(name, { labels, target, ...budget }, this.child());
  }

  #service(name: string, spec: AppSpec, target: Deployment, labels: Labels): Service {
    return new Service(
      name,
      {
        labels,
        target,
        ports: servicePortsOf(spec),
        exposure: exposureOf(spec),
        sessionAffinity: spec.sessionAffinity,
      },
      this.child(),
    );
  }

  /**
   * The new version's pods and Service, beside the app's own. No request is lost on the way there: the route comes after the
   * pods of both, so a weight counts once the canary is ready; and when the canary is dropped and its image becomes the app's,
   * the app's pods are rolled over first, then the route leaves the canary, and its pods go last.
   */
  #canary(
    name: string,
    { image, replicas, env }: Canary,
    spec: AppSpec,
    place: Place,
    secretEnv: Env,
  ): Service {
    const canary = `${name}-canary`;
    const deployment = this.#deployment(canary, place, {
      ...deploymentArgs({ ...spec, env: { ...spec.env, ...env } }, replicas, secretEnv),
      image,
    });
    const { labels } = place;
    const ports = servicePortsOf({ ...spec, nodePort: undefined });
    return new Service(canary, { labels, target: deployment, ports }, this.child());
  }

  #publish(name: string, args: AppArgs, place: Place, next: Service | undefined): void {
    const { platform, namespace, hosts, kind, middlewares, nginx, routeAnnotations, canary } = args;
    const certificate = platform.certificate(namespace, hosts, { name: `${name}-tls`, parent: this });
    const service =
      canary === undefined || next === undefined
        ? this.service
        : [
            { service: this.service, weight: 100 - canary.weight },
            { service: next, weight: canary.weight },
          ];
    new Route(
      name,
      {
        ...place,
        app: name,
        kind,
        ...this.#entry(name, args, place, certificate),
        annotations: routeAnnotations,
        ...ruleOf(args),
        middlewares,
        sharedMiddleware: (key, definition) => namespace.middleware(key, definition),
        nginx,
        service,
      },
      this.child(),
    );
  }

  /** Where Traefik takes the route's requests in: entry points, or for an HTTPRoute the listeners of a Gateway. */
  #entry(name: string, { platform, kind, nginx, hosts }: AppArgs, place: Place, tls: RouteTls | undefined) {
    const { entryPoints, traefik, httpsPort } = platform;
    if (kind !== "httpRoute") {
      // Traefik's provider for these annotations redirects by itself, to 443, unless told where clients reach https.
      return nginx === undefined
        ? { traefik, entryPoints, tls }
        : { traefik, tls, ...(!decidesRedirect(nginx) && { redirectToHttps: tls && httpsPort }) };
    }
    const [entryPoint] = entryPoints;
    const gateway = new Gateway(
      name,
      {
        ...place,
        app: name,
        traefik,
        listeners: {
          [entryPoint]: {
            ...(hosts.length === 1 && { hostname: hosts[0] }),
            tls,
          },
        },
      },
      this.child(),
    );
    return { traefik, gateway, entryPoints };
  }
}

type Labels = Readonly<Record<string, string>> | undefined;

interface Place {
  readonly stack: Platform["stack"];
  readonly namespace: Namespace;
  readonly labels: Labels;
}

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
