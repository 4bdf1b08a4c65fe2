import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { metadataOf } from "../base/metadata.ts";
import { placeOf } from "../base/place.ts";
import { transformed } from "../base/transform.ts";
import type { Transform } from "../base/transform.ts";
import { authFile } from "./middlewares/auth.ts";
import { checkMiddleware, middlewareSpec } from "./middlewares/index.ts";
import type { MiddlewareDefinition } from "./middlewares/index.ts";
import { customResource, traefik } from "./resource.ts";
import type { CustomResourceArgs, RoutingObjectArgs } from "./resource.ts";
import type { MiddlewareRef } from "./rule.ts";

/** Arguments of {@link Middleware}: where it is, and exactly one of the kinds. */
export interface MiddlewareArgs extends RoutingObjectArgs, MiddlewareDefinition {
  /** Changes the child resources before they are made. */
  readonly transform?:
    | {
        readonly middleware?: Transform<CustomResourceArgs> | undefined;
        readonly secret?: Transform<k8s.core.v1.SecretArgs> | undefined;
      }
    | undefined;
}

/**
 * A step that requests go through on their way to an app. Routes of the same namespace name it.
 *
 * ```ts
 * const limit = new Middleware("limit", { namespace, rateLimit: { average: 100, burst: 50 } });
 * const login = new Middleware("login", { namespace, basicAuth: { users: config.requireSecretObject("users") } });
 * new Route("shop", { …, middlewares: [limit, login] });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/middlewares/overview/}.
 */
export class Middleware extends Component implements MiddlewareRef {
  /** `metadata.name`. */
  readonly name: string;
  /** The Traefik object. */
  readonly middleware: k8s.apiextensions.CustomResource;
  /** Secret with the users, where the component made one. */
  readonly secret: k8s.core.v1.Secret | undefined;

  constructor(name: string, args: MiddlewareArgs, opts?: pulumi.ComponentResourceOptions) {
    super("route:Middleware", name, opts);
    const objectName = args.objectName ?? name;
    const definition = definitionOf(args);
    const problems = new Problems(`middleware ${objectName}`);
    checkMiddleware(problems, "kind", definition);
    problems.throwIfAny();

    const secretName = `${objectName}-users`;
    this.secret = this.#createSecret(name, secretName, args);
    this.middleware = customResource(
      `${name}-middleware`,
      traefik("Middleware"),
      { metadata: metadataOf(objectName, args), spec: middlewareSpec(definition, secretName) },
      args.transform?.middleware,
      // Traefik drops a middleware, and the routes that name it, while its Secret is missing.
      this.child(this.secret === undefined ? {} : { dependsOn: this.secret }),
    );
    this.name = objectName;
    this.registerOutputs({ name: this.name });
  }

  #createSecret(name: string, secretName: string, args: MiddlewareArgs): k8s.core.v1.Secret | undefined {
    const kind = args.basicAuth === undefined ? "digestAuth" : "basicAuth";
    const auth = args[kind];
    if (auth === undefined) return undefined;
    const { stack, namespace } = placeOf(args);
    const owner = [stack.project, stack.stack, namespace, secretName];
    const file = authFile(kind, auth, owner);
    if (file === undefined) return undefined;
    const data = { users: file.apply((content) => Buffer.from(content).toString("base64")) };
    return new k8s.core.v1.Secret(
      `${name}-users`,
      ...transformed<k8s.core.v1.SecretArgs>(
        args.transform?.secret,
        { metadata: metadataOf(secretName, args), type: "Opaque", data },
        this.child(),
      ),
    );
  }
}

/** Arguments that are not the kind. */
const ENVELOPE = new Set(["stack", "namespace", "labels", "annotations", "app", "objectName", "transform"]);

/** The kind's part of the arguments, with any key that is no argument, so that a wrong kind is named. */
const definitionOf = (args: MiddlewareArgs): MiddlewareDefinition =>
  Object.fromEntries(Object.entries(args).filter(([key]) => !ENVELOPE.has(key)));
