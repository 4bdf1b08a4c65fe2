import { annotationsOf, specOf, type StackObject } from "../../objects/object.ts";
import { listAt, textAt, textsAt, valueAt } from "../../preview/values.ts";
import type { Change, Changes, World } from "../change.ts";
import { enumerate, type Mark, markIf } from "./mark.ts";

/** Middlewares that keep requests out, by the key of their options. */
const GUARDS: Readonly<Record<string, string>> = {
  basicAuth: "passwords",
  digestAuth: "passwords",
  forwardAuth: "authentication by another service",
  ipAllowList: "an allow list",
  ipWhiteList: "an allow list",
  redirectScheme: "the redirect to https",
  rateLimit: "a rate limit",
  inFlightReq: "a limit of requests at a time",
  passTLSClientCert: "the client's certificate",
};

/** Protection that goes or gets weaker: TLS, passwords, allow lists, network policies. */
export function protectionMarks(change: Change, { before, after }: Changes): readonly Mark[] {
  const was = change.before;
  const will = change.after;
  if (was === undefined) return [];
  return [
    ...routeMarks(change, before, after),
    ...middlewareMarks(change, before),
    ...(will === undefined
      ? []
      : [...routeTlsMarks(was, will), ...weakerTls(was, will), ...annotationMarks(was, will)]),
    ...networkPolicyMarks(change),
  ];
}

/** What protects each address of a route. */
function protectionOf(
  route: string,
  { topology, index }: World,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const protection = new Map<string, Map<string, string>>();
  for (const { rule, urls } of topology.paths.filter(({ rule }) => rule.route === route)) {
    for (const url of urls) {
      const [scheme = "", address = ""] = url.split("://", 2);
      // The port may change with the entry point; the address does not.
      const guards = protection.get(address.replace(/:\d+/, "")) ?? new Map<string, string>();
      if (scheme === "https" || scheme === "tls") guards.set("tls", "TLS");
      for (const title of rule.middlewares) {
        const object = index.get(title);
        const kind = object && guardOf(object);
        if (object === undefined) guards.set(title, title);
        else if (kind !== undefined) guards.set(title, `${GUARDS[kind] ?? kind} (${title})`);
      }
      protection.set(address.replace(/:\d+/, ""), guards);
    }
  }
  return protection;
}

const guardOf = (middleware: StackObject): string | undefined =>
  Object.keys(specOf(middleware)).find((key) => key in GUARDS);

function routeMarks(
  { title, formerTitle, after: will }: Change,
  before: World,
  after: World,
): readonly Mark[] {
  if (will === undefined) return [];
  const [was, is] = [protectionOf(formerTitle ?? title, before), protectionOf(title, after)];
  const gone = new Map<string, string[]>();
  for (const [address, guards] of was) {
    const left = is.get(address);
    if (left === undefined) continue;
    for (const [key, name] of guards)
      if (!left.has(key)) gone.set(name, [...(gone.get(name) ?? []), address]);
  }
  return [
    ...[...gone].map(([name, addresses]): Mark => ({
      kind: "exposure",
      severity: "danger",
      reason: `${enumerate(addresses)} ${addresses.length === 1 ? "loses" : "lose"} ${name}`,
    })),
    ...plainMarks(title, formerTitle ?? title, before, after),
  ];
}

/** Addresses that were served over TLS only, and are over plain http from then on. */
function plainMarks(title: string, former: string, before: World, after: World): readonly Mark[] {
  const urlsOf = ({ topology }: World, route: string): readonly string[] =>
    topology.paths.filter(({ rule }) => rule.route === route).flatMap(({ urls }) => urls);
  const addressOf = (url: string): string => url.replace(/^\w+:\/\//, "").replace(/:\d+/, "");
  const known = urlsOf(before, former);
  const open = urlsOf(after, title).filter(
    (url) =>
      url.startsWith("http://") &&
      !known.includes(url) &&
      known.some((secured) => secured.startsWith("https://") && addressOf(secured) === addressOf(url)),
  );
  return markIf(
    open.length > 0,
    "exposure",
    "danger",
    `${enumerate([...new Set(open)])} ${open.length === 1 ? "is" : "are"} served without TLS`,
  );
}

/** What a route itself says of TLS: that it wants it, with which certificate, and how strict. */
function routeTlsMarks(before: StackObject, after: StackObject): readonly Mark[] {
  const [was, will] = [before, after].map((object) => valueAt(specOf(object), "tls"));
  if (was === undefined || !/^Ingress/.test(before.kind)) return [];
  if (will === undefined)
    return markIf(
      true,
      "exposure",
      "danger",
      "spec.tls goes: the route asks for no TLS and no certificate of its own",
    );
  const [options, left] = [was, will].map((tls) => textAt(tls, "options", "name"));
  return markIf(
    options !== undefined && options !== left,
    "exposure",
    "danger",
    `the TLS options ${options ?? ""} hold no longer`,
  );
}

/** A middleware that goes, or becomes one of another kind; a route that names one that does not exist is no longer served. */
function middlewareMarks({ before, after, title, operation }: Change, world: World): readonly Mark[] {
  if (before === undefined || !before.kind.startsWith("Middleware")) return [];
  const was = guardOf(before);
  const urls = [...(world.reach.get(title) ?? [])];
  if (was === undefined || urls.length === 0) return [];
  if (after === undefined) {
    return markIf(
      operation === "delete",
      "exposure",
      "danger",
      `${GUARDS[was] ?? was} in front of ${enumerate(urls)} goes`,
    );
  }
  return markIf(
    guardOf(after) !== was,
    "exposure",
    "danger",
    `${enumerate(urls)} loses ${GUARDS[was] ?? was}`,
  );
}

const VERSIONS = ["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];

/** How strictly a client's certificate is asked for. */
const CLIENT_AUTH = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
];

/** TLS that gets weaker: in Traefik's options, in how it calls the pods, in keys. */
function weakerTls(before: StackObject, after: StackObject): readonly Mark[] {
  const [was, will] = [specOf(before), specOf(after)];
  const rank = (scale: readonly string[], value: string | undefined, otherwise: string): number =>
    scale.indexOf(value ?? otherwise);
  const weaker: string[] = [];
  if (before.kind === "TLSOption") {
    const version = (spec: typeof was): string => textAt(spec, "minVersion") ?? "VersionTLS12";
    if (rank(VERSIONS, version(will), "") < rank(VERSIONS, version(was), ""))
      weaker.push(`spec.minVersion is ${version(will)} instead of ${version(was)}`);
    const auth = (spec: typeof was): string => textAt(spec, "clientAuth", "clientAuthType") ?? "NoClientCert";
    if (rank(CLIENT_AUTH, auth(will), "") < rank(CLIENT_AUTH, auth(was), ""))
      weaker.push(`spec.clientAuth asks for ${auth(will)} instead of ${auth(was)}`);
    if (valueAt(was, "sniStrict") === true && valueAt(will, "sniStrict") !== true)
      weaker.push("spec.sniStrict goes");
    const suites = textsAt(will, "cipherSuites").filter(
      (suite) =>
        /_CBC_|RC4|3DES|_RSA_WITH_/.test(suite) &&
        !suite.includes("ECDHE") &&
        !textsAt(was, "cipherSuites").includes(suite),
    );
    if (suites.length > 0) weaker.push(`spec.cipherSuites takes ${enumerate(suites)}`);
  }
  if (before.kind.startsWith("ServersTransport")) {
    const insecure = (spec: typeof was): boolean =>
      valueAt(spec, "insecureSkipVerify") === true || valueAt(spec, "tls", "insecureSkipVerify") === true;
    if (insecure(will) && !insecure(was))
      weaker.push("the certificates of the pods behind it are not verified any more");
  }
  return markIf(weaker.length > 0, "exposure", "danger", `TLS gets weaker: ${enumerate(weaker)}`);
}

/** Annotations of ingress-nginx that protect. */
const PROTECTING = ["auth-type", "auth-url", "auth-tls-secret", "limit-rps", "limit-connections"];

function annotationMarks(before: StackObject, after: StackObject): readonly Mark[] {
  if (before.kind !== "Ingress") return [];
  const read = (object: StackObject, key: string): string | undefined =>
    textAt(annotationsOf(object), `nginx.ingress.kubernetes.io/${key}`);
  const gone = PROTECTING.filter((key) => read(before, key) !== undefined && read(after, key) === undefined);
  const plain = read(after, "ssl-redirect") === "false" && read(before, "ssl-redirect") !== "false";
  const all = [
    ...gone.map((key) => `the annotation ${key} goes`),
    ...(plain ? ["http is no longer redirected to https"] : []),
  ];
  return markIf(all.length > 0, "exposure", "danger", enumerate(all));
}

/** What a NetworkPolicy let through less of before. */
function networkPolicyMarks({ kind, before, after, operation }: Change): readonly Mark[] {
  if (kind !== "NetworkPolicy" || before === undefined) return [];
  if (after === undefined)
    return markIf(
      operation === "delete",
      "exposure",
      "danger",
      "the pods that it guards take any connection that no other policy forbids",
    );
  const rules = (object: StackObject, direction: string): readonly string[] =>
    listAt(specOf(object), direction).map((rule) => JSON.stringify(rule));
  const fresh = ["ingress", "egress"].filter((direction) => {
    const known = new Set(rules(before, direction));
    return rules(after, direction).some((rule) => !known.has(rule));
  });
  return markIf(fresh.length > 0, "exposure", "warning", `lets through what it did not: ${enumerate(fresh)}`);
}
