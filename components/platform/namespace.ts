import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { DNS_LABEL, isDnsLabel } from "../base/checks.ts";
import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { stackLabels } from "../base/labels.ts";
import type { NamespaceOfStack } from "../base/place.ts";
import { runningStack, type StackInfo } from "../base/stack.ts";
import { transformed, type Transform } from "../base/transform.ts";
import { Middleware, type MiddlewareDefinition } from "../route/index.ts";
import { PullSecret, type Registry } from "../workload/index.ts";

/** Arguments of {@link Namespace}. */
export interface NamespaceArgs {
  /**
   * The stack it belongs to, as do the objects in it.
   * @default the running one
   */
  readonly stack?: StackInfo | undefined;
  /**
   * `metadata.name`, a DNS label. Stacks share clusters, so it should hold project and stack.
   * @default the component's name
   */
  readonly objectName?: string | undefined;
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
  /** What the middlewares need first: the CRDs, and who reads them. */
  readonly traefik?: pulumi.Resource | undefined;
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
  /** The Kubernetes object. */
  readonly namespace: k8s.core.v1.Namespace;

  constructor(name: string, args: NamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Namespace", name, opts);
    const { objectName = name, stack = runningStack(), registry, middlewares = {} } = args;
    const problems = new Problems(`namespace ${name}`);
    problems.unless(isDnsLabel(objectName), "objectName", objectName, DNS_LABEL);
    problems.throwIfAny();

    this.stack = stack;
    this.namespace = this.#namespace(name, objectName, args);
    this.name = this.namespace.metadata.name;
    const place = { namespace: this };
    this.pullSecret =
      registry &&
      new PullSecret(`${name}-registry`, { ...place, objectName: "registry", ...registry }, { parent: this });
    this.middlewares = Object.fromEntries(
      Object.entries(middlewares).map(([middleware, definition]) => [
        middleware,
        new Middleware(
          `${name}-${middleware}`,
          { ...place, objectName: middleware, ...definition },
          { parent: this, ...(args.traefik && { dependsOn: args.traefik }) },
        ),
      ]),
    );
    this.registerOutputs({ name: this.name });
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
        this.child(),
      ),
    );
  }
}
