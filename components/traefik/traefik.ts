import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { appLabels, stackLabels } from "../base/labels.ts";
import type { Place } from "../base/place.ts";
import { runningStack, type StackInfo } from "../base/stack.ts";
import { type Transform, transformed } from "../base/transform.ts";
import type { TraefikRef } from "../route/resource.ts";
import { PullSecret, type Registry } from "../workload/pull-secret.ts";
import { acmeObjects } from "./acme-objects.ts";
import type { TraefikConfig } from "./args.ts";
import { checkSources, checkTraefik } from "./checks.ts";
import type { ChartSource } from "./chart.ts";
import { afterCrds, traefikCrds } from "./crds.ts";
import {
  APP,
  ingressClassOf,
  nginxControllerOf,
  nginxIngressClassOf,
  serviceTypeOf,
  entryPointsOf,
} from "./defaults.ts";
import { gatewayClass } from "./gateway-class.ts";
import { readyRoute, redirectToPicked } from "./own-routes.ts";
import { RELEASE, traefikRelease } from "./release.ts";
import { clientPorts, loadBalancerOf } from "./service.ts";
import { traefikValues } from "./values.ts";

/** Arguments of {@link Traefik}. */
export interface TraefikArgs extends Omit<TraefikConfig, "stack" | "namespace"> {
  /**
   * The stack Traefik serves: it reads objects with this stack's label only.
   * @default the running one
   */
  readonly stack?: StackInfo | undefined;
  /**
   * Name of the namespace Traefik runs in, which is made with it.
   * @default `<project>-<stack>-traefik`
   */
  readonly namespace?: string | undefined;
  /**
   * Account its image is pulled with, which becomes the Secret `registry` of its namespace before there are pods. The image's own
   * registry is `image.registry`.
   * @default none
   */
  readonly registry?: Registry | undefined;
  /** Where the chart comes from: the official one unless said otherwise. */
  readonly chart?: ChartSource | undefined;
  /**
   * Who owns the ten traefik.io CRDs, which a cluster has once: `install` makes them this stack's, `external` expects
   * them there. Of the stacks that share a cluster, one at most may install them.
   * @default "install"
   */
  readonly crds?: "install" | "external" | undefined;
  /**
   * Files or URLs the CRDs are read from; a file's name may hold `*`.
   * @default Traefik's own file of the release the chart runs, by https
   */
  readonly crdFiles?: readonly string[] | undefined;
  /**
   * Leave the CRDs, and with them every stack's routes, when this stack is destroyed.
   * @default false
   */
  readonly retainCrds?: boolean | undefined;
  /** Changes the child resources; `opts.transforms` of the chart reaches the objects in it. */
  readonly transform?:
    | {
        readonly namespace?: Transform<k8s.core.v1.NamespaceArgs> | undefined;
        readonly crds?: Transform<k8s.yaml.v2.ConfigGroupArgs> | undefined;
        readonly chart?: Transform<k8s.helm.v4.ChartArgs> | undefined;
        readonly tlsOptions?: Transform<k8s.apiextensions.CustomResourceArgs> | undefined;
        readonly nginxIngressClass?: Transform<k8s.networking.v1.IngressClassArgs> | undefined;
        readonly gatewayClass?: Transform<k8s.apiextensions.CustomResourceArgs> | undefined;
      }
    | undefined;
}

/**
 * A stack's own Traefik, from its Helm chart, in a namespace of its own with an IngressClass of its own.
 *
 * Routes and middlewares that are given it are made after it and deleted before it, since its CRDs take them along.
 */
export class Traefik extends Component implements Place, TraefikRef {
  /** The stack it serves. */
  readonly stack: StackInfo;
  /** Namespace of Traefik's objects. */
  readonly namespace: pulumi.Output<string>;
  /** The namespace itself: what lives in it is deleted with it. */
  readonly namespaceObject: k8s.core.v1.Namespace;
  /** The CRDs, where they are this stack's: namespaces with objects of theirs go before them. */
  readonly crds: k8s.yaml.v2.ConfigGroup | undefined;
  /** IngressClass that the stack's IngressRoutes and Ingresses name. */
  readonly ingressClass: pulumi.Output<string>;
  /** IngressClass of Ingresses with ingress-nginx annotations, where that provider is on. */
  readonly nginxIngressClass: pulumi.Output<string> | undefined;
  /** GatewayClass of the stack's Gateways, where that provider is on; their listeners use the entry points' `port`. */
  readonly gatewayClass: pulumi.Output<string> | undefined;
  /** Name of the Service in front of Traefik. */
  readonly serviceName: pulumi.Output<string>;
  /** The ports clients use from outside; those that Kubernetes picks are known once it has. */
  readonly ports: pulumi.Output<{ http: number | undefined; https: number | undefined }>;
  /** Address a LoadBalancer was given, an IP or a host name; undefined on other Services. */
  readonly loadBalancer: pulumi.Output<string | undefined>;
  /** The objects of the chart, one by one. */
  readonly objects: pulumi.Output<pulumi.Resource[]>;
  /**
   * Settles once the engine has been given Traefik's pods. The engine takes resources in their order, and the chart has to be rendered
   * first: who makes apps only then has all pods begin at the same time.
   */
  readonly registered: Promise<void>;
  /** Entry points by name. */
  readonly entryPoints: ReturnType<typeof entryPointsOf>;

  /** @throws UserError with a line for every mistake in the arguments */
  constructor(name: string, given: TraefikArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("traefik:Traefik", name, opts);
    const args = placed(given);
    const problems = new Problems("traefik");
    checkTraefik(args, problems);
    checkSources(args, problems);
    problems.throwIfAny();
    this.stack = args.stack;

    this.crds = args.crds === "external" ? undefined : traefikCrds(`${name}-crds`, args, this.child());
    const namespace = this.#namespace(name, args, this.crds);
    this.namespaceObject = namespace;
    const after = [namespace, ...(this.crds ? [this.crds] : [])];
    const within = this.child({ dependsOn: after, deletedWith: namespace });
    const pull = this.#pullSecret(`${name}-registry`, args, within);
    const acme = acmeObjects(name, args, within);
    const { chart, registered } = traefikRelease(
      name,
      args,
      traefikValues({ ...args, imagePullSecrets: pullSecretsOf(args) }),
      namespace,
      this.child({ dependsOn: [...after, ...pull, ...acme] }),
    );
    this.#tlsOption(name, args, within);
    // The chart waits for pods that ask for this route, so it must not wait for the chart.
    readyRoute(`${name}-ready`, args, within);
    const nginx =
      args.providers?.kubernetesIngressNGINX === true ? this.#nginxIngressClass(name, args) : undefined;
    if (args.providers?.kubernetesGateway === true) {
      gatewayClass(`${name}-gateway-class`, args, args.transform?.gatewayClass, this);
    }

    this.namespace = namespace.metadata.name;
    this.ingressClass = pulumi.output(ingressClassOf(args));
    this.nginxIngressClass = nginx?.metadata.name;
    this.gatewayClass =
      args.providers?.kubernetesGateway === true ? pulumi.output(ingressClassOf(args)) : undefined;
    this.serviceName = pulumi.output(RELEASE);
    this.entryPoints = entryPointsOf(args);
    this.registered = registered;
    this.objects = chart.resources as pulumi.Output<pulumi.Resource[]>;
    this.ports = clientPorts(args, chart);
    if (args.redirect !== "none" && this.entryPoints.websecure.reachable === undefined) {
      const https = this.ports.apply((ports) => ports.https);
      redirectToPicked(`${name}-redirect`, args, https, within);
    }
    this.loadBalancer =
      serviceTypeOf(args) === "LoadBalancer"
        ? loadBalancerOf(chart)
        : pulumi.output<string | undefined>(undefined);
  }

  /** Ports below 1024 and the host's network are beyond what `baseline` allows, so there it is `privileged`. */
  #namespace(
    name: string,
    args: PlacedArgs,
    crds: k8s.yaml.v2.ConfigGroup | undefined,
  ): k8s.core.v1.Namespace {
    const level = args.hostNetwork === true ? "privileged" : "restricted";
    return new k8s.core.v1.Namespace(
      `${name}-namespace`,
      ...transformed<k8s.core.v1.NamespaceArgs>(
        args.transform?.namespace,
        {
          metadata: {
            name: args.namespace,
            labels: { ...stackLabels(args.stack), "pod-security.kubernetes.io/enforce": level },
          },
        },
        this.child(afterCrds(crds)),
      ),
    );
  }

  /** The Secret that its image is pulled with, where an account is given. */
  #pullSecret(
    name: string,
    { stack, namespace, registry }: PlacedArgs,
    opts: pulumi.CustomResourceOptions,
  ): PullSecret[] {
    if (registry === undefined) return [];
    return [new PullSecret(name, { stack, namespace, objectName: PULL_SECRET, ...registry }, opts)];
  }

  /** The TLS options of routes that name none; by its name and namespace the stack's default. */
  #tlsOption(
    name: string,
    args: PlacedArgs,
    opts: pulumi.CustomResourceOptions,
  ): k8s.apiextensions.CustomResource {
    const { minVersion = "VersionTLS12", cipherSuites, sniStrict } = args.tls ?? {};
    return new k8s.apiextensions.CustomResource(
      `${name}-tls-options`,
      ...transformed<k8s.apiextensions.CustomResourceArgs>(
        args.transform?.tlsOptions,
        {
          apiVersion: "traefik.io/v1alpha1",
          kind: "TLSOption",
          metadata: { name: "default", namespace: args.namespace, labels: appLabels(args.stack, APP) },
          spec: { minVersion, cipherSuites, sniStrict },
        },
        opts,
      ),
    );
  }

  #nginxIngressClass(name: string, args: PlacedArgs): k8s.networking.v1.IngressClass {
    return new k8s.networking.v1.IngressClass(
      `${name}-nginx-class`,
      ...transformed<k8s.networking.v1.IngressClassArgs>(
        args.transform?.nginxIngressClass,
        {
          metadata: { name: nginxIngressClassOf(args), labels: appLabels(args.stack, APP) },
          spec: { controller: nginxControllerOf(args) },
        },
        this.child(),
      ),
    );
  }
}

/** `metadata.name` of the Secret that the image is pulled with. */
const PULL_SECRET = "registry";

const pullSecretsOf = ({ registry, imagePullSecrets }: TraefikArgs): readonly string[] | undefined =>
  registry === undefined ? imagePullSecrets : [...new Set([PULL_SECRET, ...(imagePullSecrets ?? [])])];

/** Arguments with the stack that Traefik serves, and its namespace. */
export type PlacedArgs = TraefikArgs & TraefikConfig;

function placed(args: TraefikArgs): PlacedArgs {
  const { stack = runningStack() } = args;
  const { namespace = `${stack.project}-${stack.stack}-traefik` } = args;
  return { ...args, stack, namespace };
}
