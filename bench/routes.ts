/**
 * What one Traefik needs for more and more routes: how long until the last of them is served, how long one more takes then, how long a
 * new pod takes to start with them, and its memory. `node bench/routes.ts 100 5000` for other numbers.
 */
import { labProcesses } from "../lab/cluster/cgroups.ts";
import { Client } from "../tests/e2e/harness/client.ts";
import { feed, kubectl, type KubeObject, objects } from "../tests/e2e/harness/kubectl.ts";
import { TestStack } from "../tests/e2e/harness/stack.ts";
import { waitFor } from "../tests/e2e/harness/wait.ts";
import { printTable, seconds, timed } from "./table.ts";
import { read } from "./usage.ts";

const STACK = "routes";
const NAMESPACE = `slipway-${STACK}`;

const given = process.argv.slice(2).map(Number);
const COUNTS = given.length > 0 ? given : [100, 500, 1000];

/** The whole number of routes is not to fail for want of memory that a user would give it. */
const config = {
  traefik: {
    service: { type: "NodePort" },
    web: { nodePort: 32_710 },
    websecure: { nodePort: 32_711 },
    resources: { limits: { cpu: "1", memory: "1Gi" } },
  },
  apps: { web: { image: "nginx", host: "apps", path: "/web", stripPrefix: true } },
};

interface Row {
  readonly routes: number;
  readonly made: number;
  readonly served: number;
  readonly oneMore: number;
  readonly start: number;
  /** Bytes. */
  readonly memory: number;
}

/** The objects of the app's route, once for each number: what its path leads to stays the same. */
function copies(of: readonly KubeObject[], from: number, to: number): object[] {
  return Array.from({ length: to - from }, (_, index) =>
    of.map(({ metadata: { name, namespace, labels }, ...object }) => {
      const text = JSON.stringify({ ...object, metadata: { name, namespace, labels } });
      // The Service keeps its name.
      return JSON.parse(
        text
          .replaceAll("/web", `/web-${from + index}`)
          .replaceAll("strip-web", `strip-web-${from + index}`)
          .replace(`"metadata":{"name":"web"`, `"metadata":{"name":"web-${from + index}"`),
      ) as object;
    }),
  ).flat();
}

/** Bytes of memory that the stack's Traefik has now. */
function traefikMemory(): number {
  const own = labProcesses().filter((pid) =>
    read(`/proc/${pid}/cmdline`).toLowerCase().includes(`labelselector=slipway.dev/stack=${STACK}\0`),
  );
  return Math.max(
    ...own.map((pid) => 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)),
  );
}

const stack = await TestStack.prepare(STACK, { config });
try {
  await stack.up();
  const { web } = await stack.output<Record<string, string>>("urls");
  const { address } = await stack.output<{ address: string }>("endpoint");
  const client = new Client({ address, insecure: true, keepAlive: false });
  const served = (route: number): Promise<unknown> =>
    waitFor(async () => (await client.get(`${web ?? ""}-${route}/healthz`)).status === 200, {
      message: `route ${route} to be served`,
      deadline: 120_000,
    });
  const of = await objects("ingressroutes,middlewares", "--namespace", NAMESPACE);
  const templates = of.filter(({ metadata: { name } }) => ["web", "strip-web"].includes(name));
  const make = (from: number, to: number): Promise<void> =>
    feed({ apiVersion: "v1", kind: "List", items: copies(templates, from, to) }, "apply", "--server-side");
  const rows: Row[] = [];
  let there = 1;
  for (const routes of COUNTS) {
    const made = await timed(() => make(there, routes - 1));
    const last = await timed(() => served(routes - 2));
    await make(routes - 1, routes);
    const oneMore = await timed(() => served(routes - 1));
    const traefik = ["deployment/traefik", "--namespace", `${NAMESPACE}-traefik`] as const;
    const start = await timed(async () => {
      await kubectl("rollout", "restart", ...traefik);
      await kubectl("rollout", "status", ...traefik);
    });
    await served(routes - 1);
    rows.push({ routes, made, served: last, oneMore, start, memory: traefikMemory() });
    process.stderr.write(`${routes} routes: the last is served after ${seconds(made + last)}\n`);
    there = routes;
  }
  await client.close();
  process.stdout.write(
    "\nRoutes of one Traefik, each with a path and a Middleware that strips it: made by kubectl apply; until the last\n" +
      "is served; one more, made then; a new pod, until the old one is gone; memory of the new pod.\n\n",
  );
  printTable([
    ["routes", "made", "served", "one more", "new pod", "memory"],
    ...rows.map(({ routes, made, served, oneMore, start, memory }) => [
      String(routes),
      seconds(made),
      seconds(served),
      seconds(oneMore),
      seconds(start),
      `${(memory / 2 ** 20).toFixed(0)} MiB`,
    ]),
  ]);
} finally {
  await kubectl("delete", "ingressroutes,middlewares", "--all", "--namespace", NAMESPACE, "--wait=false");
  await stack.remove();
}
