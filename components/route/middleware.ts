import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { metadataOf, checkMetadata } from "../base/metadata.ts";
import { asObject } from "../base/object.ts";
import { objectName as objectNameRule } from "../base/rules/index.ts";
import { placeOf } from "../base/place.ts";
import type { Transform } from "../base/transform.ts";
import { base64, without } from "../base/values.ts";
import { authFile } from "./middlewares/auth.ts";
import { checkMiddleware, middlewareSpec } from "./middlewares/index.ts";
import type { MiddlewareDefinition, MiddlewareKind } from "./middlewares/index.ts";
import { asCustomResource, componentsIn, traefik } from "./resource.ts";
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
 * const limit = new Middleware("limit", { traefik, namespace, rateLimit: { average: 100, burst: 50 } });
 * const login = new Middleware("login", { traefik, namespace, basicAuth: { users: config.requireSecretObject("users") } });
 * new Route("shop", { …, middlewares: [limit, login] });
 * ```
 *
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/middlewares/overview/}.
 */
export class Middleware extends k8s.apiextensions.CustomResource implements MiddlewareRef {
  /** `metadata.name`. */
  readonly name: string;
  /** Secret with the users, where the component made one. */
  readonly secret: k8s.core.v1.Secret | undefined;

  constructor(name: string, args: MiddlewareArgs, opts?: pulumi.CustomResourceOptions) {
    const objectName = args.objectName ?? name;
    const definition = definitionOf(args);
    const problems = new Problems(`middleware ${objectName}`);
    problems.check("name", objectName, objectNameRule);
    checkMetadata(args, problems);
    checkMiddleware("kind", definition, problems);
    problems.throwIfAny();

    const secretName = `${objectName}-users`;
    const secret = createSecret(name, secretName, args, opts);
    super(
      `${name}-middleware`,
      ...asCustomResource(
        LAYER,
        name,
        traefik("Middleware"),
        { metadata: metadataOf(objectName, args), spec: middlewareSpec(definition, secretName) },
        args.transform?.middleware,
        opts,
        // Traefik drops a middleware, and the routes that name it, while its Secret is missing.
        { dependsOn: componentsIn([secret, args.traefik]) },
      ),
    );
    this.secret = secret;
    this.name = objectName;
  }
}

/** Type of the component that was around both. */
const LAYER = "route:Middleware";

/** The users, beside the middleware: what is below it could not be there before it. */
function createSecret(
  name: string,
  secretName: string,
  args: MiddlewareArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): k8s.core.v1.Secret | undefined {
  const kind = args.basicAuth === undefined ? "digestAuth" : "basicAuth";
  const auth = args[kind];
  if (auth === undefined) return undefined;
  const { stack, namespace } = placeOf(args);
  const owner = [stack.project, stack.stack, namespace, secretName];
  const file = authFile(kind, auth, owner);
  if (file === undefined) return undefined;
  const data = { users: file.apply(base64) };
  return new k8s.core.v1.Secret(
    `${name}-users`,
    ...asObject<k8s.core.v1.SecretArgs>(
      LAYER,
      name,
      args.transform?.secret,
      { metadata: metadataOf(secretName, args), type: "Opaque", data },
      opts,
    ),
  );
}

/** Arguments that are not the kind. */
const OTHERS: Readonly<Record<Exclude<keyof MiddlewareArgs, MiddlewareKind>, true>> = {
  traefik: true,
  stack: true,
  namespace: true,
  objectName: true,
  app: true,
  labels: true,
  annotations: true,
  transform: true,
};

/** The kind's part of the arguments, with any key that is no argument, so that a wrong kind is named. */
const definitionOf = (args: MiddlewareArgs): MiddlewareDefinition => without(args, OTHERS);
