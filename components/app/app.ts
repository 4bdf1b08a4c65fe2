import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import type { AppPlatform, Namespace } from "../platform/index.ts";
import { PodMonitor } from "../monitoring/index.ts";
import { withMetricsPort } from "../monitoring/scraping.ts";
import { Service } from "../service/index.ts";
import {
  Deployment,
  type Env,
  HorizontalPodAutoscaler,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Secret,
  StatefulSet,
  type Workload,
} from "../workload/index.ts";
import { checkApp, type NodePorts } from "./check.ts";
import { claimName, withClaims } from "./claims.ts";
import type { Labels, Place } from "./place.ts";
import { publish } from "./publish.ts";
import { type AppSpec, type Canary, exposureOf, portsOf, servicePortsOf } from "./spec.ts";
import { type AppWorkload, createWorkload, deploymentArgs } from "./workload.ts";

/** Arguments of {@link App}. */
export interface AppArgs extends AppSpec, NodePorts {
  /** What it shares with other apps: the stack's own platform, or that of another stack. */
  readonly platform: AppPlatform;
  /** Where it lives. */
  readonly namespace: Namespace;
  /** Further labels of its objects. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * A published app: its pods, the Service in front of them, a certificate for its hosts, and the route that leads there.
 * Its name is theirs, too. One whose `workload` is a Job or a CronJob has pods alone.
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
  /** Its pods' Deployment, StatefulSet, DaemonSet, Job or CronJob. */
  readonly workload: AppWorkload;
  /** What clients in the cluster reach its pods by; a Job and a CronJob have none. */
  readonly service: Service | undefined;

  /** @param opts its parent is the namespace, unless another is given */
  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    // Pulumi deletes at one time what is equally deep in its graph, so this makes an app's pods as deep as Traefik's.
    const { namespace: object } = args.namespace;
    const within = { ...args.namespace.within(), ...(object && { dependsOn: [object] }) };
    super("app:App", name, pulumi.mergeOptions(within, opts ?? {}));
    const { platform, namespace, labels, nodePortRange, ...spec } = args;
    const problems = new Problems(`app ${name}`);
    checkApp(name, spec, problems, { nodePortRange });
    problems.throwIfAny();
    const place: Place = { stack: platform.stack, namespace, labels };

    const secretEnv = this.#secretEnv(name, spec, place);
    const pullSecrets = [...(spec.pullSecrets ?? []), ...present(namespace.pullSecret)];
    const pods = {
      ...withClaims(spec, this.#claims(name, spec, place)),
      ...(pullSecrets.length > 0 && { pullSecrets }),
    };
    // Pods are not left to the namespace: its controller looks again only after half of their grace period.
    const workload = createWorkload(name, pods, secretEnv, place, { parent: this });
    this.workload = workload;
    this.service =
      "selector" in workload ? this.#service(name, spec, workload, { labels, nodePortRange }) : undefined;
    this.#guards(name, spec, labels);
    if ("selector" in workload) this.#monitor(name, spec, workload, place);

    const next = spec.canary && this.#canary(name, spec.canary, pods, place, secretEnv);
    const [host] = spec.hosts;
    if (host !== undefined && this.service !== undefined) {
      publish(name, args, place, { service: this.service, next }, { parent: this, child: this.child() });
    }
    // A regular expression is no path to link to.
    const path = spec.pathType === "regex" ? "/" : spec.path;
    this.url = host === undefined ? undefined : platform.url(host, path);
  }

  /** The volumes that its pods share, by the names that its mounts call them. */
  #claims(name: string, { claims = {} }: AppSpec, place: Place): Record<string, PersistentVolumeClaim> {
    const made = Object.entries(claims).map(([key, { whenDeleted, ...claim }]) => {
      const opts = { ...this.#beside(place), retainOnDelete: whenDeleted === "Retain" };
      return [key, new PersistentVolumeClaim(claimName(name, key), { ...place, ...claim }, opts)] as const;
    });
    return Object.fromEntries(made);
  }

  /** Options of what its pods need: not below the app, or pods that need something would be deeper than others. */
  #beside({ namespace }: Place): pulumi.CustomResourceOptions {
    return { ...namespace.within(), aliases: [{ parent: this }] };
  }

  #secretEnv(name: string, { secretEnv = {} }: AppSpec, place: Place): Env {
    const names = Object.keys(secretEnv);
    if (names.length === 0) return {};
    const secret = new Secret(`${name}-env`, { ...place, data: secretEnv }, this.#beside(place));
    return Object.fromEntries(names.map((key) => [key, { secretKeyRef: { name: secret, key } }]));
  }

  /** What sets the number of pods, and what keeps them while nodes are drained. */
  #guards(name: string, { autoscaling, disruptionBudget = false }: AppSpec, labels: Labels): void {
    const target = this.workload;
    if (autoscaling !== undefined && target instanceof Deployment) {
      new HorizontalPodAutoscaler(name, { labels, target, ...autoscaling }, this.child());
    }
    if (disruptionBudget === false || !(target instanceof Deployment || target instanceof StatefulSet))
      return;
    const budget = disruptionBudget === true ? {} : disruptionBudget;
    new PodDisruptionBudget(name, { labels, target, ...budget }, this.child());
  }

  #monitor(name: string, spec: AppSpec, { selector }: Workload, place: Place): void {
    const { scraping, ...metrics } = spec.metrics ?? {};
    if (scraping?.kind !== "monitor") return;
    const ports = withMetricsPort(portsOf(spec), metrics);
    const labels = { ...place.labels, ...scraping.labels };
    const { interval } = scraping;
    new PodMonitor(
      name,
      { ...place, ...metrics, app: name, selector, ports, labels, interval },
      this.child(),
    );
  }

  #service(
    name: string,
    spec: AppSpec,
    target: Workload,
    more: NodePorts & { readonly labels: Labels },
  ): Service {
    return new Service(
      name,
      {
        ...more,
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
    const args = deploymentArgs({ ...spec, env: { ...spec.env, ...env } }, replicas, secretEnv);
    const deployment = new Deployment(canary, { ...place, ...args, image }, { parent: this });
    this.#monitor(canary, spec, deployment, place);
    const { labels } = place;
    const ports = servicePortsOf({ ...spec, nodePort: undefined });
    return new Service(canary, { labels, target: deployment, ports }, this.child());
  }
}

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
