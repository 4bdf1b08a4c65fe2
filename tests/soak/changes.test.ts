import { afterAll, beforeAll, expect, it } from "vitest";

import { answering, beside } from "../e2e/stack/program.ts";
import { Client, type Config, load, type LoadReport, TestStack } from "../e2e/harness/index.ts";

const NAME = "soak-changes";
const HOST = `web.${NAME}.slipway.test`;

/** Requests during each change, at least. */
const REQUESTS = Number(process.env["REQUESTS"] ?? 30_000);

/** A change of a stack under load, laid over those before it. */
interface Step {
  readonly title: string;
  readonly config: Config;
  /**
   * What a review says of requests that are lost.
   * @default none is lost
   */
  readonly lossy?: RegExp;
  /** Whether clients that trusted the stack have to trust another authority from then on. @default false */
  readonly distrusted?: true;
}

const web = (app: Config): Config => ({ apps: { web: app } });
const traefik = (settings: Config): Config => ({ traefik: settings });

/** Each route kind after each other one. */
const KINDS: readonly Step[] = [
  "ingress",
  "ingressRoute",
  "httpRoute",
  "ingress",
  "httpRoute",
  "ingressRoute",
].map((kind, index, kinds) => ({
  title: `route: ${kinds[index - 1] ?? "ingressRoute"} → ${kind}`,
  config: web({ kind }),
}));

const STEPS: readonly Step[] = [
  ...KINDS,
  { title: "pods: another image", config: web({ image: "nginx" }) },
  { title: "pods: the image before", config: web({ image: "fastapi" }) },
  { title: "pods: a variable", config: web({ env: { ROUND: "2" } }) },
  { title: "pods: another port", config: web({ port: 8081, env: { UVICORN_PORT: "8081" } }) },
  { title: "pods: the port before", config: web({ port: undefined, env: { UVICORN_PORT: undefined } }) },
  { title: "pods: another probe", config: web({ probes: { readiness: "/healthz" } }) },
  { title: "pods: resources", config: web({ resources: { requests: { cpu: "20m" } } }) },
  { title: "pods: more", config: web({ replicas: 3 }) },
  { title: "pods: one", config: web({ replicas: 1 }) },
  { title: "pods: two", config: web({ replicas: 2 }) },
  {
    title: "pods: a strategy",
    config: web({ strategy: { type: "rollingUpdate", maxSurge: 2, maxUnavailable: 0 }, env: { ROUND: "3" } }),
  },
  // A canary has what its app has, also where it may write.
  { title: "canary: an app that writes", config: web({ image: "nginx", env: undefined }) },
  { title: "canary: without requests", config: web({ canary: { image: "fastapi", weight: 0 } }) },
  { title: "canary: half of them", config: web({ canary: { weight: 50 } }) },
  { title: "canary: all", config: web({ canary: { weight: 100 } }) },
  { title: "canary: becomes the app", config: web({ image: "fastapi", canary: undefined }) },
  {
    title: "route: a middleware",
    config: { middlewares: { squeezed: { compress: {} } }, ...web({ middlewares: ["squeezed"] }) },
  },
  { title: "route: without it", config: { middlewares: undefined, ...web({ middlewares: undefined }) } },
  {
    title: "route: another app's path on its host",
    config: { apps: { beside: { image: "nginx", host: "web", path: "/b" } } },
  },
  { title: "route: without that", config: { apps: { beside: undefined } } },
  { title: "route: a second host", config: web({ host: undefined, hosts: ["web", "also"] }) },
  { title: "route: the first alone", config: web({ host: "web", hosts: undefined }) },
  { title: "route: another port of its Service", config: web({ servicePort: 8088 }), lossy: /port 80/ },
  { title: "certificates: another validity", config: { tls: { certificates: { validityDays: 300 } } } },
  {
    title: "certificates: RSA keys",
    config: { tls: { algorithm: "RSA", keySize: 2048, curve: undefined } },
    distrusted: true,
  },
  {
    title: "authority: another name",
    config: { tls: { authority: { commonName: "Soak CA" } } },
    distrusted: true,
  },
  { title: "Traefik: a value", config: traefik({ log: { level: "WARN" } }) },
  { title: "Traefik: two pods", config: traefik({ replicas: 2 }) },
  { title: "Traefik: one pod", config: traefik({ replicas: 1 }) },
  {
    title: "Traefik: an annotation of its Service",
    config: traefik({ service: { annotations: { "a.test/b": "c" } } }),
  },
  {
    title: "Traefik: its Service's policy",
    config: traefik({ service: { externalTrafficPolicy: "Local" } }),
  },
  { title: "Traefik: oldest version of TLS", config: traefik({ tls: { minVersion: "VersionTLS13" } }) },
  { title: "Traefik: an entry point", config: traefik({ ports: { extra: { port: 9_000 } } }) },
  { title: "app: another namespace", config: web({ namespace: "team" }) },
  {
    title: "app: another name",
    config: { apps: { web: undefined, site: { image: "nginx", host: "web", replicas: 2 } } },
  },
];

/** A pattern of the titles that are meant; all. */
const ONLY = new RegExp(process.env["ONLY"] ?? "");

let stack: TestStack;

beforeAll(async () => {
  const ports = beside(NAME)["traefik"] as Config;
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      // A client that keeps its connection busy has to change over before a pod ends, as docs/traefik.md says.
      traefik: { ...ports, providers: { kubernetesGateway: true }, lifeCycle: { keepAliveMaxTime: 3 } },
      apps: {
        ...{ api: undefined, guide: undefined, hello: undefined, portal: undefined },
        web: { image: "fastapi", host: "web", replicas: 2 },
      },
    },
  });
  await stack.up();
});

afterAll(() => stack.remove());

/** Sixteen clients, half of them with a new connection for each request, as long as a change is made. */
async function loaded(change: Promise<unknown>, ca: string | undefined): Promise<LoadReport> {
  const { address, https } = await stack.output<{ address: string; https: number }>("endpoint");
  const clients = [true, false].map(
    (keepAlive) => new Client({ address, keepAlive, ...(ca === undefined ? { insecure: true } : { ca }) }),
  );
  const reports = await Promise.all(
    clients.map((client) =>
      load(client, `https://${HOST}:${https}/healthz`, {
        requests: REQUESTS / 2,
        until: change,
        concurrency: 8,
      }),
    ),
  );
  await Promise.all(clients.map((client) => client.close()));
  return {
    sent: reports.reduce((sum, { sent }) => sum + sent, 0),
    failed: reports.flatMap(({ failed }) => failed),
    answers: {},
  };
}

it.each(STEPS.filter(({ title }) => ONLY.test(title)))(
  "$title",
  async ({ config, lossy, distrusted = false }) => {
    const ca = distrusted ? undefined : await stack.output<string>("caCertificate");
    await stack.configure(config);
    const review = lossy === undefined ? "" : (await stack.slipway("review")).stdout;
    const change = stack.up();
    const { sent, failed } = await loaded(change, ca);
    await change;
    console.log(`${sent} requests, ${failed.length} lost`);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
    if (lossy === undefined) expect(failed).toEqual([]);
    else expect(review).toMatch(lossy);
    const client = new Client({
      address: (await stack.output<{ address: string }>("endpoint")).address,
      ca: await stack.output<string>("caCertificate"),
    });
    const urls = Object.values(await stack.output<Record<string, string>>("urls"));
    for (const url of urls) await answering(client, url);
    await client.close();
  },
);
