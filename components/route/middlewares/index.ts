import type * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../../base/errors.ts";
import { renamed } from "../../base/renamed.ts";
import { middlewareRef } from "../ingress-route.ts";
import type { MiddlewareRef } from "../rule.ts";
import { defined } from "../../base/values.ts";
import * as auth from "./auth.ts";
import * as headers from "./headers.ts";
import * as limits from "./limits.ts";
import * as paths from "./paths.ts";
import * as plugins from "./plugin.ts";
import * as redirects from "./redirects.ts";
import * as resilience from "./resilience.ts";

/** Several middlewares under one name, in this order. */
export interface Chain {
  readonly middlewares: readonly MiddlewareRef[];
}

/** Arguments of each kind of middleware. */
export interface MiddlewareKinds {
  readonly addPrefix: paths.AddPrefix;
  readonly stripPrefix: paths.StripPrefix;
  readonly stripPrefixRegex: paths.StripPrefixRegex;
  readonly replacePath: paths.ReplacePath;
  readonly replacePathRegex: paths.ReplacePathRegex;
  readonly redirectScheme: redirects.RedirectScheme;
  readonly redirectRegex: redirects.RedirectRegex;
  readonly headers: headers.Headers;
  readonly basicAuth: auth.BasicAuth;
  readonly digestAuth: auth.DigestAuth;
  readonly forwardAuth: auth.ForwardAuth;
  readonly ipAllowList: limits.IpAllowList;
  readonly rateLimit: limits.RateLimit;
  readonly inFlightReq: limits.InFlightReq;
  readonly retry: resilience.Retry;
  readonly circuitBreaker: resilience.CircuitBreaker;
  readonly compress: resilience.Compress;
  readonly buffering: resilience.Buffering;
  readonly errors: resilience.Errors;
  readonly plugin: plugins.Plugin;
  readonly chain: Chain;
}

/** Name of a kind of middleware, as Traefik writes it. */
export type MiddlewareKind = keyof MiddlewareKinds;

/** What a middleware does: exactly one of the kinds, `{ rateLimit: { average: 100 } }`. */
export type MiddlewareDefinition = { readonly [K in MiddlewareKind]?: MiddlewareKinds[K] | undefined };

type Check<K extends MiddlewareKind> = (args: MiddlewareKinds[K], problems: Problems) => void;

const CHECKS: { readonly [K in MiddlewareKind]: Check<K> } = {
  addPrefix: paths.checkAddPrefix,
  stripPrefix: paths.checkStripPrefix,
  stripPrefixRegex: paths.checkStripPrefixRegex,
  replacePath: paths.checkReplacePath,
  replacePathRegex: paths.checkReplacePathRegex,
  redirectScheme: redirects.checkRedirectScheme,
  redirectRegex: redirects.checkRedirectRegex,
  headers: headers.checkHeaders,
  basicAuth: auth.checkBasicAuth,
  digestAuth: auth.checkDigestAuth,
  forwardAuth: auth.checkForwardAuth,
  ipAllowList: limits.checkIpAllowList,
  rateLimit: limits.checkRateLimit,
  inFlightReq: limits.checkInFlightReq,
  retry: resilience.checkRetry,
  circuitBreaker: resilience.checkCircuitBreaker,
  compress: resilience.checkCompress,
  buffering: resilience.checkBuffering,
  errors: resilience.checkErrors,
  plugin: plugins.checkPlugin,
  chain: checkChain,
};

/** All kinds of middleware. */
const MIDDLEWARE_KINDS = Object.keys(CHECKS) as readonly MiddlewareKind[];

function checkChain({ middlewares }: Chain, problems: Problems): void {
  problems.unless(middlewares.length > 0, "middlewares", undefined, "must hold at least one middleware");
}

/** The one kind a definition is of; `undefined`, and a problem recorded, where it is none or several. */
function middlewareKind(
  key: string,
  definition: MiddlewareDefinition,
  problems: Problems,
): MiddlewareKind | undefined {
  const given = Object.entries(definition).filter(([, args]) => args !== undefined);
  const [first] = given;
  if (given.length !== 1 || first === undefined) {
    const names = given.map(([name]) => name);
    problems.add(
      key,
      names.length === 0 ? undefined : names,
      `must be one kind of: ${MIDDLEWARE_KINDS.join(", ")}`,
    );
    return undefined;
  }
  const [kind] = first;
  if (Object.hasOwn(CHECKS, kind)) return kind as MiddlewareKind;
  const name = renamed(kind);
  problems.add(
    key,
    kind,
    name === undefined ? `must be one of: ${MIDDLEWARE_KINDS.join(", ")}` : `is called ${name} today`,
  );
  return undefined;
}

/**
 * Records what is wrong with a definition.
 * @param key of the definition itself, where it is none or several kinds
 */
export function checkMiddleware(key: string, definition: MiddlewareDefinition, problems: Problems): void {
  const kind = middlewareKind(key, definition, problems);
  if (kind !== undefined) check(kind, definition[kind], problems);
}

function check<K extends MiddlewareKind>(
  kind: K,
  args: MiddlewareKinds[K] | undefined,
  problems: Problems,
): void {
  if (args !== undefined) CHECKS[kind](args, problems.at(kind));
}

/**
 * The `spec` of a Middleware.
 * @param secretName Secret with the users of a password middleware
 */
export function middlewareSpec(definition: MiddlewareDefinition, secretName: pulumi.Input<string>): object {
  const { redirectScheme, headers: headersArgs, basicAuth, digestAuth, errors, chain, ...plain } = definition;
  return defined({
    ...plain,
    redirectScheme: redirectScheme && redirects.redirectSchemeSpec(redirectScheme),
    headers: headersArgs && headers.headersSpec(headersArgs),
    basicAuth: basicAuth && auth.passwordAuthSpec(basicAuth, basicAuth.secretName ?? secretName),
    digestAuth: digestAuth && auth.passwordAuthSpec(digestAuth, digestAuth.secretName ?? secretName),
    errors: errors && resilience.errorsSpec(errors),
    chain: chain && { middlewares: chain.middlewares.map(middlewareRef) },
  });
}
