import { Middleware, type MiddlewareDefinition, Route, Service } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";
import { greeting } from "./greeting/plugin.ts";

const example = setup();
const { namespace, config } = example;
const { traefik } = example.platform({ localPlugins: { greeting } });
const site = run(example, "site");
const echo = run(example, "echo", "fastapi");

const place = { traefik, namespace };

/** Each step, and the app it is shown with. */
const steps: Record<string, [MiddlewareDefinition, typeof site]> = {
  // Paths
  "strip-prefix": [{ stripPrefix: { prefixes: ["/a", "/b"] } }, site],
  "strip-prefix-regex": [{ stripPrefixRegex: { regex: ["/v[0-9]+"] } }, site],
  "add-prefix": [{ addPrefix: { prefix: "/status" } }, echo],
  "replace-path": [{ replacePath: { path: "/hostname.html" } }, site],
  "replace-path-regex": [{ replacePathRegex: { regex: "^/haha(/|$)(.*)", replacement: "/$2" } }, site],
  // Redirects
  "redirect-scheme": [
    { redirectScheme: { port: config.getNumber("httpsPort") ?? 443, permanent: true } },
    site,
  ],
  "redirect-regex": [
    { redirectRegex: { regex: "^http://[^/]+/old/(.*)", replacement: "http://new.test/${1}" } },
    site,
  ],
  // Headers
  security: [
    { headers: { security: true, stsSeconds: 0, contentSecurityPolicy: "default-src 'self'" } },
    site,
  ],
  headers: [
    {
      headers: {
        customRequestHeaders: { "x-added": "by traefik", "accept-language": "" },
        customResponseHeaders: { "x-served-by": "" },
        accessControlAllowOriginList: ["https://front.test"],
        accessControlAllowMethods: ["GET", "PUT"],
        accessControlMaxAge: 60,
        addVaryHeader: true,
      },
    },
    echo,
  ],
  // Who, how often, how much
  "allow-list": [
    { ipAllowList: { sourceRange: config.getObject<string[]>("allowed") ?? ["10.0.0.0/8"] } },
    site,
  ],
  "rate-limit": [{ rateLimit: { average: 1, period: "1m", burst: 3 } }, site],
  "in-flight": [{ inFlightReq: { amount: 1 } }, echo],
  buffering: [{ buffering: { maxRequestBodyBytes: 64 } }, echo],
  // When the app fails
  "circuit-breaker": [
    {
      circuitBreaker: {
        expression: "ResponseCodeRatio(500, 600, 0, 600) > 0.5",
        fallbackDuration: "5s",
        recoveryDuration: "2s",
      },
    },
    echo,
  ],
  errors: [{ errors: { status: ["500-599"], service: site, query: "/version?{status}" } }, echo],
  compress: [{ compress: { minResponseBodyBytes: 16 } }, echo],
  // What Traefik itself has no kind for
  plugin: [{ plugin: { greeting: { text: "from a plugin" } } }, site],
};

for (const [name, [definition, service]] of Object.entries(steps)) {
  const step = new Middleware(name, { ...place, ...definition });
  new Route(name, { traefik, hosts: [`${name}.test`], middlewares: [step], service });
}

// Half of the requests lead to a Service without pods, for which Traefik answers 503, but for those that are sent again.
const nobody = new Service("nobody", { namespace, target: "nobody", ports: { http: 80 } });
const half = [site, nobody];
const retry = new Middleware("retry", { ...place, retry: { attempts: 4, status: ["503"] } });
new Route("retry", { traefik, hosts: ["retry.test"], middlewares: [retry], service: half });
new Route("no-retry", { traefik, hosts: ["no-retry.test"], service: half });

// Several under one name, in this order: the path is replaced after the limit has seen it.
const first = new Middleware("first", {
  ...place,
  headers: { customRequestHeaders: { "x-chain": "first" } },
});
const second = new Middleware("second", {
  ...place,
  headers: { customRequestHeaders: { "x-chain": "second" } },
});
const chain = new Middleware("chain", { ...place, chain: { middlewares: [first, second] } });
new Route("chain", { traefik, hosts: ["chain.test"], middlewares: [chain], service: echo });

export const namespaceName = namespace.name;
