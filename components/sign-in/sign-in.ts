import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { App } from "../app/app.ts";
import { Problems } from "../base/errors.ts";
import { platformName } from "../base/stack.ts";
import type { AppPlatform, Namespace } from "../platform/index.ts";
import { type Middleware, type MiddlewareDefinition, Route } from "../route/index.ts";
import { ConfigMap } from "../workload/index.ts";
import { checkSignIn, cookieDomain as cookieDomainRule, group, isBelow } from "./check.ts";
import {
  PROXY_FILES,
  PROXY_IMAGE,
  PROXY_PATH,
  PROXY_PORT,
  proxyEnv,
  proxyFiles,
  questionPath,
  USER_HEADERS,
} from "./proxy.ts";
import type { SignInSpec } from "./spec.ts";

/** Arguments of {@link SignIn}. */
export interface SignInArgs extends SignInSpec {
  /** Platform that serves the hosts, over https. */
  readonly platform: AppPlatform;
  /** Where oauth2-proxy lives; the client's secret is in a Secret there. */
  readonly namespace: Namespace;
  /** Hosts of the apps that users sign in to. On each, the path `/oauth2` is oauth2-proxy's. */
  readonly hosts: readonly string[];
  /** Domain whose hosts share a session. Rejected unless every host is it, or below it. */
  readonly cookieDomain: string;
  /** Whether a {@link SignIn.middleware} asks for groups, so that the provider is asked for users' groups. @default false */
  readonly asksGroups?: boolean | undefined;
}

/**
 * Signs users in to apps that have no sign-in of their own: oauth2-proxy, which asks an OpenID provider who a browser's user is,
 * and which Traefik asks before it lets a request pass. Apps are told by the headers `X-Auth-Request-User`, `-Email` and `-Groups`; what
 * a client sends by those names does not reach them.
 *
 * ```ts
 * const hosts = ["shop.example.org"];
 * const signIn = new SignIn("oauth2-proxy", {
 *   platform, namespace, hosts, cookieDomain: "example.org",
 *   issuer: "https://id.example.org", clientId: "shop", clientSecret: config.requireSecret("clientSecret"),
 *   emailDomains: ["example.org"],
 * });
 * new App("shop", { platform, namespace, image: "shop:1", hosts, middlewares: [signIn.middleware(namespace)] });
 * ```
 */
export class SignIn extends App {
  /** URLs that the provider has to know, to which it sends users back. */
  readonly callbacks: pulumi.Output<string[]>;
  readonly #definitions = new Map<string, MiddlewareDefinition>();

  constructor(name: string, args: SignInArgs, opts?: pulumi.ComponentResourceOptions) {
    const { platform, namespace, hosts, image = PROXY_IMAGE, replicas, resources } = args;
    refuseWrong(name, args);
    const within = namespace.within();
    const cookieSecret = new random.RandomPassword(
      `${name}-cookie`,
      { length: 32, special: false },
      { parent: within.parent },
    );
    super(
      name,
      {
        platform,
        namespace,
        image,
        replicas,
        resources,
        // The official image says it by itself; others may not.
        runAsUser: 65_532,
        port: PROXY_PORT,
        probes: { readiness: "/ready", liveness: "/ping" },
        env: proxyEnv(args, {
          hosts,
          cookieDomain: args.cookieDomain,
          name: platformName(platform.stack),
          asksGroups: args.asksGroups ?? false,
        }),
        secretEnv: {
          OAUTH2_PROXY_CLIENT_SECRET: args.clientSecret,
          OAUTH2_PROXY_COOKIE_SECRET: cookieSecret.result,
        },
        ...filesOf(name, args),
        // Its routes are here: the hosts' certificates are the apps'.
        hosts: [],
      },
      opts,
    );
    const { service } = this;
    if (service === undefined) throw new Error("oauth2-proxy has a Service");
    new Route(
      name,
      {
        namespace,
        app: name,
        traefik: platform.traefik,
        entryPoints: platform.entryPoints,
        hosts,
        path: PROXY_PATH,
        priority: ABOVE_APPS,
        service,
      },
      this.child(),
    );
    this.callbacks = pulumi.all(hosts.map((host) => platform.url(host, `${PROXY_PATH}/callback`)));
  }

  /**
   * What an app's route has requests go through first, so that those of signed-in users alone reach the app.
   * @param namespace the route's
   * @param groups of which a user must be in one, besides what is asked of all; none for whoever may sign in
   */
  middleware(namespace: Namespace, groups: readonly string[] = []): Middleware {
    const problems = new Problems("sign-in");
    problems.checkEach("groups", groups, group);
    problems.throwIfAny();
    const key = middlewareName(groups);
    const definition = this.#definitions.get(key) ?? { forwardAuth: this.#question(groups) };
    this.#definitions.set(key, definition);
    return namespace.middleware(key, definition);
  }

  #question(groups: readonly string[]): NonNullable<MiddlewareDefinition["forwardAuth"]> {
    const { service, workload } = this;
    // The pods' name is known when they run: no route asks before.
    const address = pulumi
      .all([service?.dns, workload.name])
      .apply(([dns = ""]) => `http://${dns}${questionPath(groups)}`);
    return { address, trustForwardHeader: false, authResponseHeadersRegex: USER_HEADERS };
  }
}

/** Above the length of any rule, by which Traefik ranks routes: an app's route must not take a user's way back. */
export const ABOVE_APPS = 1_000_000_000;

/** Name of the middleware that asks for groups. */
export const middlewareName = (groups: readonly string[] = []): string =>
  groups.length === 0
    ? "sign-in"
    : `sign-in-${createHash("sha256").update(JSON.stringify(groups)).digest("hex").slice(0, 8)}`;

function refuseWrong(name: string, args: SignInArgs): void {
  const { platform, hosts, cookieDomain } = args;
  const problems = new Problems(`sign-in ${name}`);
  checkSignIn(args, problems);
  problems.check("cookieDomain", cookieDomain, cookieDomainRule);
  hosts.forEach((host, index) => {
    problems.unless(isBelow(host, cookieDomain), `hosts[${index}]`, host, `must be below ${cookieDomain}`);
  });
  problems.unless(hosts.length > 0, "hosts", undefined, "must hold at least one host");
  problems.unless(platform.secure, "platform", undefined, "needs tls: its cookies must not travel readable");
  problems.throwIfAny();
}

/** The files of oauth2-proxy, where it has any. */
function filesOf(name: string, args: SignInArgs) {
  const { platform, namespace, trust } = args;
  const ca =
    trust?.kind === "pem"
      ? trust.certificates
      : trust?.kind === "authority"
        ? platform.authority?.certificate
        : undefined;
  const data = proxyFiles<pulumi.Input<string>>(args, ca);
  if (Object.keys(data).length === 0) return {};
  const files = new ConfigMap(`${name}-files`, { namespace, data }, namespace.within());
  return { mounts: { [PROXY_FILES]: { configMap: files } } };
}
