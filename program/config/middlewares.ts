import { z } from "zod";

import {
  count,
  dnsLabel,
  filled,
  key,
  path,
  port,
  positive,
  required,
  secret,
  stringMap,
  strings,
} from "./values.ts";

const duration = z.union([z.number(), filled]);

const ipStrategy = key(
  z.strictObject({
    depth: key(positive, "Position in `X-Forwarded-For`, from the right."),
    excludedIPs: key(strings, "Proxies' addresses, which are skipped."),
    ipv6Subnet: key(positive, "Prefix length within which IPv6 addresses are one client."),
  }),
  "How the client's address is found behind proxies.",
  "the connection's address",
);

const sourceCriterion = key(
  z.strictObject({
    ipStrategy,
    requestHeaderName: key(filled, "Header whose value names the source."),
    requestHost: key(z.boolean(), "The host asked for."),
  }),
  "What makes requests come from one source.",
);

const passwords = {
  users: key(
    z.record(z.string(), secret),
    "Passwords, or their bcrypt hashes, by user name, from encrypted configuration.",
  ),
  secretName: key(filled, "Secret that holds the file, instead of `users`."),
  realm: key(filled, "What the browser shows.", "traefik"),
  removeHeader: key(z.boolean(), "Keep the password from the app.", "true"),
  headerField: key(filled, "Header that tells the app the user's name."),
};

const auth = {
  basicAuth: key(
    z.strictObject({
      ...passwords,
      htpasswd: key(secret, "Content of an htpasswd file, instead of `users`."),
    }),
    "Ask for a user name and password.",
  ),
  digestAuth: key(
    z.strictObject({
      ...passwords,
      htdigest: key(secret, "Content of an htdigest file, instead of `users`."),
    }),
    "Ask for a user name and password by digest.",
  ),
  forwardAuth: key(
    z.strictObject({
      address: required(filled, "URL of the service that is asked."),
      authResponseHeaders: key(strings, "Headers of its answer that the app is told."),
      authResponseHeadersRegex: key(filled, "Go regular expression of such headers."),
      authRequestHeaders: key(strings, "Headers that it is told.", "all"),
      addAuthCookiesToResponse: key(strings, "Cookies of its answer for the client."),
      trustForwardHeader: key(z.boolean(), "Believe the client's `X-Forwarded-*`.", "false"),
      forwardBody: key(z.boolean(), "Send the body along.", "false"),
      maxBodySize: key(positive, "Bytes of such a body.", "no limit"),
      headerField: key(filled, "Header that tells the app the user's name."),
      authSigninURL: key(filled, "Where clients are sent to sign in."),
    }),
    "Ask another service whether a request may pass.",
  ),
};

const limits = {
  ipAllowList: key(
    z.strictObject({
      sourceRange: required(strings, "Addresses and networks that are let in."),
      ipStrategy,
      rejectStatusCode: key(positive, "Answer to the others.", "403"),
    }),
    "Let in only these addresses.",
  ),
  rateLimit: key(
    z.strictObject({
      average: required(positive, "Requests per period."),
      period: key(duration, "Seconds, or a duration: `1m`.", "1s"),
      burst: key(positive, "Requests at once.", "1"),
      sourceCriterion,
    }),
    "Bound the rate of requests from each source.",
  ),
  inFlightReq: key(
    z.strictObject({ amount: required(positive, "Requests in progress."), sourceCriterion }),
    "Bound the requests in progress from each source.",
  ),
  buffering: key(
    z.strictObject({
      maxRequestBodyBytes: key(count, "Largest request.", "no limit"),
      memRequestBodyBytes: key(count, "Bytes kept in memory.", "1 MiB"),
      maxResponseBodyBytes: key(count, "Largest answer.", "no limit"),
      memResponseBodyBytes: key(count, "Bytes kept in memory.", "1 MiB"),
      retryExpression: key(
        filled,
        "When a request is sent again: `IsNetworkError() && Attempts() < 2`.",
        "never",
      ),
    }),
    "Read whole requests and answers first, and bound their size.",
  ),
};

const paths = {
  addPrefix: key(z.strictObject({ prefix: required(path, "Prefix.") }), "Put a prefix before the path."),
  stripPrefix: key(
    z.strictObject({ prefixes: required(z.array(path), "Prefixes.") }),
    "Take a prefix off the path; an app's own `stripPrefix` is usually what is wanted.",
  ),
  stripPrefixRegex: key(
    z.strictObject({ regex: required(strings, "Go regular expressions.") }),
    "Take what matches off the beginning of the path.",
  ),
  replacePath: key(z.strictObject({ path: required(path, "Path.") }), "Replace the whole path."),
  replacePathRegex: key(
    z.strictObject({
      regex: required(filled, "Go regular expression."),
      replacement: required(z.string(), "With `$1` for the first group."),
    }),
    "Replace what matches in the path.",
  ),
  redirectScheme: key(
    z.strictObject({
      scheme: key(z.enum(["http", "https"]), "Scheme.", "https"),
      port: key(port, "Port clients reach.", "the scheme's"),
      permanent: key(z.boolean(), "Whether browsers may remember it.", "false"),
    }),
    "Redirect to another scheme or port.",
  ),
  redirectRegex: key(
    z.strictObject({
      regex: required(filled, "Go regular expression over the whole URL."),
      replacement: required(filled, "With `${1}` for the first group."),
      permanent: key(z.boolean(), "Whether browsers may remember it.", "false"),
    }),
    "Redirect to a URL made from the request's.",
  ),
};

const flag = (description: string) => key(z.boolean(), description, "false");

const answers = {
  headers: key(
    z.strictObject({
      security: flag("A preset: https only for a year, no sniffing of types, no frames, a careful referrer."),
      customRequestHeaders: key(stringMap, "Headers towards the app; an empty one is removed."),
      customResponseHeaders: key(stringMap, "Headers towards the client; an empty one is removed."),
      accessControlAllowOriginList: key(strings, "Origins whose scripts may read answers."),
      accessControlAllowOriginListRegex: key(strings, "Go regular expressions of such origins."),
      accessControlAllowMethods: key(strings, "Methods those scripts may use."),
      accessControlAllowHeaders: key(strings, "Headers they may send."),
      accessControlExposeHeaders: key(strings, "Headers they may read."),
      accessControlAllowCredentials: flag("Whether they may send cookies."),
      accessControlMaxAge: key(count, "Seconds a browser may remember what was allowed."),
      addVaryHeader: flag("Send `Vary: Origin`."),
      stsSeconds: key(count, "Seconds for which browsers use https only."),
      stsIncludeSubdomains: flag("On hosts below, too."),
      stsPreload: flag("Ask for the browsers' preload lists."),
      forceSTSHeader: flag("Over plain http, too."),
      frameDeny: flag("Forbid frames."),
      customFrameOptionsValue: key(filled, "`X-Frame-Options`."),
      contentTypeNosniff: flag("Forbid browsers to guess types."),
      contentSecurityPolicy: key(filled, "`Content-Security-Policy`."),
      contentSecurityPolicyReportOnly: key(filled, "`Content-Security-Policy-Report-Only`."),
      referrerPolicy: key(filled, "`Referrer-Policy`."),
      permissionsPolicy: key(filled, "`Permissions-Policy`."),
    }),
    "Set, change and remove headers.",
  ),
  retry: key(
    z.strictObject({
      attempts: required(positive, "How often a request is sent in all, at least 2."),
      initialInterval: key(duration, "First wait; it doubles.", "none"),
      timeout: key(duration, "Time for all tries.", "none"),
      status: key(strings, "Answers that count as failure: `502-504`.", "none"),
      retryNonIdempotentMethod: flag("Repeat POST, PATCH and LOCK as well."),
      maxRequestBodyBytes: key(z.number().int(), "Bytes of a body kept for it; -1 for any.", "2 MiB"),
    }),
    "Ask again when the app does not answer.",
  ),
  circuitBreaker: key(
    z.strictObject({
      expression: required(filled, "When it opens: `NetworkErrorRatio() > 0.30`."),
      checkPeriod: key(duration, "How often it looks.", "100ms"),
      fallbackDuration: key(duration, "How long it stays open.", "10s"),
      recoveryDuration: key(duration, "How long it lets traffic in little by little.", "10s"),
      responseCode: key(positive, "Answer while it is open.", "503"),
    }),
    "Stop asking an app that fails.",
  ),
  compress: key(
    z.strictObject({
      encodings: key(
        z.array(z.enum(["gzip", "br", "zstd"])),
        "Encodings in order of preference.",
        "gzip, br, zstd",
      ),
      excludedContentTypes: key(strings, "Types left alone."),
      includedContentTypes: key(strings, "The only types compressed."),
      minResponseBodyBytes: key(count, "Smaller answers are left alone.", "1024"),
      defaultEncoding: key(z.enum(["gzip", "br", "zstd"]), "Where the client takes anything."),
    }),
    "Compress answers.",
  ),
  errors: key(
    z.strictObject({
      status: required(strings, "Codes and ranges: `404`, `500-599`."),
      service: required(
        z.strictObject({
          name: required(filled, "An app's name."),
          port: required(z.union([port, filled]), "Port of its Service."),
        }),
        "Service of the same namespace that has the pages.",
      ),
      query: required(path, "Path of the page; `{status}` is filled in."),
      statusRewrites: key(z.record(z.string(), positive), "Other codes for the client."),
      errorRequestHeaders: key(strings, "Request headers that Service sees.", "all"),
    }),
    "Put another app's page in place of errors.",
  ),
  chain: key(
    z.strictObject({
      middlewares: required(z.array(dnsLabel.transform((name) => ({ name }))), "Names from `middlewares`."),
    }),
    "Several middlewares under one name.",
  ),
};

/** A middleware: exactly one of these. */
export const middlewareSchema = z.strictObject({ ...auth, ...limits, ...paths, ...answers });
