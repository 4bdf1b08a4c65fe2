import type { Problems } from "../../components/base/errors.ts";
import { isServing } from "../../components/app/kinds.ts";
import { exposureOf } from "../../components/app/spec.ts";
import { normalPrefix } from "../../components/route/match.ts";
import { checkSignIn as checkSpec, cookieDomain, group, isBelow } from "../../components/sign-in/check.ts";
import { PROXY_PATH } from "../../components/sign-in/proxy.ts";
import { ABOVE_APPS } from "../../components/sign-in/sign-in.ts";
import type { Settings } from "../settings/index.ts";
import type { StackConfig } from "./resolve.ts";
import type { AppConfig } from "./resolve-app.ts";
import type { RawConfig } from "./source.ts";

/**
 * Records what is wrong with the stack's sign-in, and with the apps that ask for it.
 * @param raw tells what is secret, and what the stack itself gave
 */
export function checkSignIn(
  { signIn, apps = {} }: Settings,
  config: StackConfig,
  raw: Pick<RawConfig, "secret" | "own">,
  problems: Problems,
): void {
  const asking = config.apps.filter((app) => app.signIn !== undefined);
  for (const app of asking) {
    const own = problems.at("apps", app.name);
    own.unless(
      signIn !== undefined,
      "signIn",
      true,
      "needs the stack's signIn, which says who signs users in",
    );
    const { signIn: given } = apps[app.name] ?? {};
    if (typeof given === "object") {
      const none = "must name at least one group; signIn: true lets in everybody who may sign in";
      own.unless(given.groups.length > 0, "signIn.groups", undefined, none);
      own.checkEach("signIn.groups", given.groups, group);
    }
    checkWays(app, own);
  }
  if (signIn === undefined) return;
  const own = problems.at("signIn");
  checkSpec(signIn, own);
  own.unless(
    raw.secret.has("signIn"),
    "clientSecret",
    undefined,
    "must be secret: pulumi config set --secret --path slipway:signIn.clientSecret",
  );
  own.unless(config.tls !== false, "", undefined, "needs tls, which tls.enabled: false turns off");
  const unused = raw.own["signIn"] !== undefined && asking.length === 0;
  own.unless(!unused, "", undefined, "is asked for by no app: set apps.<name>.signIn, or leave it out");
  if (config.signIn !== undefined) checkHosts(asking, config.signIn, own);
  checkPaths(config, problems.at("apps"));
}

/** Records ways to an app that lead around its sign-in. */
function checkWays({ spec }: AppConfig, problems: Problems): void {
  const published = "is for a published app, and this is none";
  problems.unless(spec.hosts.length > 0 || !isServing(spec), "signIn", undefined, published);
  const { kind } = exposureOf(spec) ?? {};
  const around = kind !== undefined && kind !== "clusterIP" && kind !== "headless";
  const way = `would be gone around by the exposure ${kind}, which is open without it`;
  problems.unless(!around, "signIn", undefined, way);
  const nginx = "is a middleware, which a route with nginx has none of";
  problems.unless(spec.nginx === undefined, "signIn", undefined, nginx);
  const { priority = 1 } = spec;
  const before = `must be below ${ABOVE_APPS}, or users who sign in do not come back`;
  problems.unless(priority < ABOVE_APPS, "priority", priority, before);
}

/** Records hosts that the session's cookie does not reach, or that the provider cannot know. */
function checkHosts(
  asking: readonly AppConfig[],
  { cookieDomain: domain }: NonNullable<StackConfig["signIn"]>,
  problems: Problems,
): void {
  problems.check("cookieDomain", domain, cookieDomain);
  for (const { name, spec } of asking) {
    for (const host of spec.hosts) {
      if (host.startsWith("*.")) {
        problems.add("", undefined, `is for hosts that the provider knows, and apps.${name} has ${host}`);
      } else if (!isBelow(host, domain)) {
        const lost = `is not above ${host}, a host of apps.${name}: browsers would keep no session for it`;
        problems.add("cookieDomain", domain, lost);
      }
    }
  }
}

/** Records apps at a path that is the sign-in's. */
function checkPaths({ apps, signIn }: StackConfig, problems: Problems): void {
  for (const { name, spec } of apps) {
    const { path = "/" } = spec;
    const taken = `${normalPrefix(path)}/`.startsWith(`${PROXY_PATH}/`);
    const host = spec.hosts.find((one) => signIn?.hosts.includes(one) === true);
    const ours = `is where users sign in, on ${host ?? ""}`;
    problems.at(name).unless(!taken || host === undefined, "path", path, ours);
  }
}
