import { isDeepStrictEqual } from "node:util";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems, UserError } from "../base/errors.ts";
import { stackLabels } from "../base/labels.ts";
import { type NamespaceOfStack } from "../base/place.ts";
import { runningStack, type StackInfo } from "../base/stack.ts";
import { checkLabels } from "../base/metadata.ts";
import { dnsLabel } from "../base/rules/index.ts";
import { transformed, type Transform } from "../base/transform.ts";
import { Middleware, type MiddlewareDefinition, type TraefikRef } from "../route/index.ts";
import { afterCrds } from "../traefik/crds.ts";
import { PullSecret, type Registry } from "../workload/index.ts";
import type { AppPlatform } from "./app-platform.ts";
import { checkQuota, createQuota, type Quota } from "./quota.ts";

/** Arguments of {@link Namespace}. */
export interface NamespaceArgs extends Quota {
  /** Platform that its apps are on. Objects in it are labelled as that platform's Traefik wants them. */
  readonly platform?: Pick<AppPlatform, "stack" | "traefik"> | undefined;
  /**
   * The stack it belongs to, as do the objects in it.
   * @default the platform's, else the running one
   */
  readonly stack?: StackInfo | undefined;
  /**
   * `metadata.name`, a DNS label. Stacks share clusters, so it should hold project and stack.
   * @default the component's name
   */
  readonly objectName?: string | undefined;
  /**
   * Whether it is made. `false` expects it there, as a shared platform makes those of its teams; it stays on `destroy`.
   * @default true
   */
  readonly create?: boolean | undefined;
  /**
   * Account its pods pull images with, as {@link Namespace.pullSecret}.
   * @default none
   */
  readonly registry?: Registry | undefined;
  /**
   * Middlewares by name, for its apps' routes: Traefik lets a route use those of its own namespace only.
   * @default none
   */
  readonly middlewares?: Readonly<Record<string, MiddlewareDefinition>> | undefined;
  /**
   * Who serves its apps, and is there before their middlewares and routes.
   * @default the platform's
   */
  readonly traefik?: TraefikRef | undefined;
  /** Further labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Changes the Namespace before it is made. */
  readonly transform?: { readonly namespace?: Transform<k8s.core.v1.NamespaceArgs> | undefined } | undefined;
}

/**
 * A namespace for apps, and what its apps share. Pods that do not meet the `restricted` Pod Security Standard are refused.
 *
 * Source: {@link https://kubernetes.io/docs/concepts/security/pod-security-standards/}.
 */
export class Namespace extends Component implements NamespaceOfStack {
  /** The stack it belongs to. */
  readonly stack: StackInfo;
  /** `metadata.name`, known once the namespace is there: what takes it is made after it and goes before it. */
  readonly name: pulumi.Output<string>;
  /** Password for the registry, where one was given. */
  readonly pullSecret: PullSecret | undefined;
  /** Middlewares by name. */
  readonly middlewares: Readonly<Record<string, Middleware>>;
  /** The Kubernetes object, where it is made here. */
  readonly namespace: k8s.core.v1.Namespace | undefined;
  readonly #shared = new Map<string, pulumi.Resource>();
  readonly #definitions = new Map<string, MiddlewareDefinition>();
  readonly #name: string;
  /** Traefik that serves its apps, where one was given. */
  readonly traefik: TraefikRef | undefined;

  constructor(name: string, args: NamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Namespace", name, opts);
    const { objectName = name, platform, stack = platform?.stack ?? runningStack(), create = true } = args;
    const { traefik = platform?.traefik, registry, middlewares = {} } = args;
    const problems = new Problems(`namespace ${name}`);
    problems.check("objectName", objectName, dnsLabel);
    checkLabels(args.labels ?? {}, problems.at("labels"));
    checkQuota(args, problems);
    for (const key of ["resourceQuota", "limitRange"] as const)
      problems.unless(create || args[key] === undefined, key, args[key], "is for who makes the namespace");
    problems.throwIfAny();

    this.#name = name;
    this.traefik = traefik;
    this.stack = stack;
    this.namespace = create ? this.#namespace(name, objectName, args) : undefined;
    this.name = this.#withQuota(name, args) ?? pulumi.output(objectName);
    this.pullSecret =
      registry &&
      new PullSecret(
        `${name}-registry`,
        { namespace: this, objectName: "registry", ...registry },
        this.within(),
      );
    this.middlewares = Object.fromEntries(
      Object.entries(middlewares).map(([key, definition]) => [key, this.middleware(key, definition)]),
    );
  }

  /**
   * Options of what lives in the namespace: it is deleted with it, which spares `destroy` a request for each object, unless the
   * namespace stays.
   */
  within(): { readonly parent: pulumi.Resource; readonly deletedWith?: pulumi.Resource } {
    return { parent: this, ...(this.namespace && { deletedWith: this.namespace }) };
  }

  /**
   * What apps of the namespace share: made for the first of them, and found by the others.
   *
   * @param key its name within the namespace
   * @param make is told the Pulumi name and options
   */
  share<T extends pulumi.Resource>(
    key: string,
    make: (name: string, opts: ReturnType<Namespace["within"]>) => T,
  ): T {
    const shared = this.#shared.get(key) ?? make(`${this.#name}-${key}`, this.within());
    this.#shared.set(key, shared);
    return shared as T;
  }

  /**
   * A middleware that routes of the namespace share.
   * @param key its `metadata.name`
   * @throws UserError where that is the name of another one
   */
  middleware(key: string, definition: MiddlewareDefinition): Middleware {
    if (!isDeepStrictEqual(this.#definitions.get(key) ?? definition, definition)) {
      throw new UserError(`namespace ${this.#name}`, [
        {
          key: `middlewares.${key}`,
          value: undefined,
          allowed: "is what a route makes by itself: name it otherwise",
        },
      ]);
    }
    this.#definitions.set(key, definition);
    return this.share(key, (name, opts) => {
      const { traefik = { ingressClass: "" } } = this;
      return new Middleware(name, { traefik, namespace: this, objectName: key, ...definition }, opts);
    });
  }

  /** The name of a namespace that is made here, for what comes after its quota: that holds for pods that are made later only. */
  #withQuota(name: string, args: NamespaceArgs): pulumi.Output<string> | undefined {
    if (this.namespace === undefined) return undefined;
    const namespace = this.namespace.metadata.name;
    const quota = createQuota(name, args, { stack: this.stack, namespace }, this.within());
    const after = pulumi.all(quota.map(({ metadata }) => metadata.name));
    return pulumi.all([namespace, after]).apply(([own]) => own);
  }

  #namespace(name: string, objectName: string, args: NamespaceArgs): k8s.core.v1.Namespace {
    const labels = {
      ...args.labels,
      ...stackLabels(this.stack),
      "pod-security.kubernetes.io/enforce": "restricted",
    };
    return new k8s.core.v1.Namespace(
      name,
      ...transformed<k8s.core.v1.NamespaceArgs>(
        args.transform?.namespace,
        { metadata: { name: objectName, labels } },
        this.child(afterCrds(this.traefik?.crds)),
      ),
    );
  }
}
