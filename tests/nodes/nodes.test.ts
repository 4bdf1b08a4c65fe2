import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { beside } from "../e2e/stack/program.ts";
import { Client, type Config, kubectl, load, objects, TestStack, waitFor } from "../e2e/harness/index.ts";
import { drain, NODES, nodesOf, uncordon } from "./node.ts";

const NAME = "e2e-nodes";
const NAMESPACE = `slipway-${NAME}`;
const HOST = `web.${NAME}.slipway.test`;

/** Requests during all drains together, at least. */
const REQUESTS = Number(process.env["REQUESTS"] ?? 6_000);

const [first, second, third] = NODES.map(({ name }) => name) as [string, string, string];
const names = [first, second, third];

/** Set aside for one app. */
const reserved = `${third} ${NAME}=reserved`.split(" ") as [string, string];
const taint = `${NAME}=reserved:NoSchedule`;

const apart: Config = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": "apart" } },
      },
    ],
  },
};

let stack: TestStack;
let ca: string;
let https: number;

const traefikNodes = (): Promise<string[]> => nodesOf(`${NAMESPACE}-traefik`, "traefik");

beforeAll(async () => {
  const nodes = await objects("nodes", ...names);
  expect(nodes.map(({ metadata }) => metadata.name)).toEqual(names);
  await kubectl("label", "node", ...reserved, "--overwrite");
  await kubectl("taint", "node", third, taint, "--overwrite");
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      traefik: {
        ...(beside(NAME)["traefik"] as Config),
        replicas: 2,
        // A client that keeps its connection busy has to change over before a pod ends, as docs/traefik.md says.
        lifeCycle: { keepAliveMaxTime: 3 },
      },
      apps: {
        ...{ api: undefined, guide: undefined, hello: undefined, portal: undefined },
        web: {
          image: "fastapi",
          host: "web",
          replicas: 2,
          disruptionBudget: true,
          spread: ["kubernetes.io/hostname"],
        },
        apart: { image: "nginx", route: false, replicas: 2, affinity: apart },
        agent: {
          image: "nginx",
          route: false,
          workload: { kind: "daemonSet" },
          tolerations: [{ operator: "Exists" }],
        },
        pool: {
          image: "nginx",
          route: false,
          nodeSelector: { [NAME]: "reserved" },
          tolerations: [{ key: NAME, value: "reserved", effect: "NoSchedule" }],
        },
      },
    },
  });
  await stack.up();
  ca = await stack.output<string>("caCertificate");
  ({ https } = await stack.output<{ https: number }>("endpoint"));
});

afterAll(async () => {
  // A drain that lost a request left its node closed.
  for (const name of names) await uncordon(name);
  await kubectl("taint", "node", third, `${NAME}-`).catch(() => "");
  await kubectl("label", "node", third, `${NAME}-`);
  await stack.remove();
});

describe("pods", () => {
  it("are on each node where they are a DaemonSet's", async () => {
    expect(await nodesOf(NAMESPACE, "agent")).toEqual(names);
  });

  it("are on the node that is set aside for them, and no others are", async () => {
    expect(await nodesOf(NAMESPACE, "pool")).toEqual([third]);
  });

  it("are spread over the nodes that are left: an app's, an app's that puts up with no second one, and Traefik's", async () => {
    expect(await nodesOf(NAMESPACE, "web")).toEqual([first, second]);
    expect(await nodesOf(NAMESPACE, "apart")).toEqual([first, second]);
    expect(await traefikNodes()).toEqual([first, second]);
  });

  it("of the control plane are on the first node alone", async () => {
    const pods = await objects("pods", "--all-namespaces", "-ltier=control-plane");
    expect(new Set(pods.map(({ spec }) => (spec as { nodeName: string }).nodeName))).toEqual(
      new Set([first]),
    );
  });
});

it.each(NODES)(
  "answers at the node port of $name, with Traefik's pod there or on another",
  async ({ address }) => {
    const client = new Client({ address, ca, keepAlive: false });
    // One pod of Traefik may read the route and its certificate seconds after the other: either is asked by a connection of its own.
    await waitFor(
      async () => {
        for (let count = 0; count < 20; count++)
          if ((await client.get(`https://${HOST}:${https}/healthz`)).status !== 200) return false;
        return true;
      },
      { message: `twenty answers in a row from ${address}` },
    );
    await client.close();
  },
);

describe("kubectl drain, under load", () => {
  beforeAll(async () => {
    await kubectl("taint", "node", third, `${NAME}-`);
  });

  it.each(names)("of %s loses no request", async (name) => {
    const drained = drain(name, NAME).then(settled);
    const clients = NODES.flatMap(({ address }) =>
      [true, false].map((keepAlive) => new Client({ address, ca, keepAlive })),
    );
    const reports = await Promise.all(
      clients.map((client) =>
        load(client, `https://${HOST}:${https}/healthz`, {
          requests: REQUESTS / names.length / clients.length,
          until: drained,
          concurrency: 2,
        }),
      ),
    );
    await drained;
    await Promise.all(clients.map((client) => client.close()));
    const sent = reports.reduce((sum, report) => sum + report.sent, 0);
    console.log(`drain of ${name}: ${sent} requests`);
    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    expect(await nodesOf(NAMESPACE, "web")).not.toContain(name);
    expect(await traefikNodes()).not.toContain(name);
    await uncordon(name);
  });
});

/** Waits until all pods are up again where they went. */
async function settled(): Promise<void> {
  for (const [namespace, deployment] of [
    [NAMESPACE, "web"],
    [`${NAMESPACE}-traefik`, "traefik"],
  ] as const) {
    await kubectl(
      ...["rollout", "status", `deployment/${deployment}`, "--namespace", namespace, "--timeout=120s"],
    );
  }
}
