import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lab } from "../../lab/cluster/index.ts";
import { answering } from "../e2e/stack/program.ts";
import {
  Client,
  exampleConfig,
  kubectl,
  load,
  NODE_PORTS,
  objects,
  TestStack,
  waitFor,
} from "../e2e/harness/index.ts";
import { announcer, die, NODES, nodesOf, revive } from "./node.ts";
import { merged } from "../e2e/harness/config.ts";
import { type OuterProxy, startOuterProxy } from "./outer-proxy.ts";

const NAME = "e2e-failure";
const NAMESPACE = `slipway-${NAME}`;
const { http, https } = NODE_PORTS[NAME];

/** Seconds that the dead node is away; Kubernetes notices after most of a minute. */
const AWAY = Number(process.env["AWAY"] ?? 70);

const [first, second, third] = NODES.map(({ name }) => name) as [string, string, string];

/** Where the pods are to be, and who announces addresses: the first node has the control plane, and does not end. */
const workers = { nodeSelector: { [NAME]: "worker" } };
const NO_BALANCER = "node.kubernetes.io/exclude-from-external-load-balancers";

let stack: TestStack;
let balanced: TestStack;
let outer: TestStack;
let proxy: OuterProxy | undefined;
let ca: string;
let url: string;

async function prepare(): Promise<void> {
  const trust = { proxyProtocol: { trustedIPs: [`${lab.hostAddress}/32`] } };
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      traefik: {
        ...workers,
        replicas: 2,
        service: { externalTrafficPolicy: "Local" },
        forwardingTimeouts: { dialTimeout: 1, responseHeaderTimeout: 2 },
        web: { nodePort: http, exposedPort: 80, ...trust },
        websecure: { nodePort: https, exposedPort: 443, ...trust },
      },
      middlewares: { again: { retry: { attempts: 12, status: ["502-504"] } } },
      apps: {
        ...{ api: undefined, guide: undefined, hello: undefined, portal: undefined },
        web: {
          ...workers,
          image: "fastapi",
          host: "web",
          replicas: 2,
          spread: [{ topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" }],
          middlewares: ["again"],
        },
      },
    },
  });
  balanced = await TestStack.prepare(`${NAME}-balanced`, {
    program: "examples/load-balancer",
    config: {
      pool: "198.18.77.100-198.18.77.125",
      installMetalLB: true,
      metallbChart: { chart: process.env["SLIPWAY_METALLB_CHART"] },
    },
  });
  outer = await TestStack.prepare(`${NAME}-outer`, {
    program: "examples/behind-a-gateway",
    // On the nodes' own ports there are no node ports.
    config: merged(exampleConfig(NAME), { traefik: { web: undefined, websecure: undefined } }),
  });
}

beforeAll(async () => {
  await kubectl("label", "node", second, third, `${NAME}=worker`, "--overwrite");
  await kubectl("label", "node", first, `${NO_BALANCER}=`, "--overwrite");
  await prepare();
  // One after another: on two cores they would only wait for each other.
  for (const each of [stack, outer, balanced]) await each.up();
  proxy = await startOuterProxy(await stack.output<string>("readme"));
  ca = await stack.output<string>("caCertificate");
  ({ web: url } = await stack.output<{ web: string }>("urls"));
});

afterAll(async () => {
  await revive();
  await proxy?.stop();
  for (const each of [balanced, outer, stack]) await each.remove();
  await kubectl("label", "node", second, third, `${NAME}-`);
  await kubectl("label", "node", first, `${NO_BALANCER}-`);
});

it("a Service that keeps its traffic on the node it comes to answers on the nodes with a pod of Traefik's", async () => {
  expect(await nodesOf(`${NAMESPACE}-traefik`, "traefik")).toEqual([second, third]);
  const ask = (address: string): Promise<unknown> =>
    fetch(`http://${address}:${http}/`, { redirect: "manual", signal: AbortSignal.timeout(3_000) });
  const answers = await Promise.allSettled(NODES.map(({ address }) => ask(address)));
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
});

it("an outer proxy in front of all nodes, as the readme has it, keeps the client's address", async () => {
  const client = new Client({ address: lab.hostAddress, ca, keepAlive: false });
  await answering(client, url);
  for (let count = 0; count < 6; count++) {
    const seen = await client.json<{ client: { host: string } }>(`${url}/whoami`);
    expect(seen.client.host).toBe(lab.hostAddress);
  }
  await client.close();
});

it.each(NODES)("Traefik on the nodes' own ports answers on $name", async ({ address }) => {
  const client = new Client({ address, keepAlive: false });
  const { status } = await waitFor(() => client.get("http://shop.test/whoami"), {
    message: `an answer from port 80 of ${address}`,
  });
  expect(status).toBe(200);
  await client.close();
});

describe("a node that dies at once", () => {
  it("loses what was in flight and nothing after that, and MetalLB moves its address", async () => {
    const address = await balanced.output<string>("address");
    for (const of of [address, ...NODES.map((node) => node.address)]) await heard(of);
    const victim = await waitFor(() => announcer(address), { message: `a node to announce ${address}` });
    expect([second, third]).toContain(victim);
    const death = sleep(2_000).then(async () => {
      await die(victim);
      return Date.now();
    });
    const moved = death.then(async (died) => {
      await waitFor(async () => ![undefined, victim].includes(await announcer(address)), {
        message: `another node to announce ${address}`,
      });
      const client = new Client({ address, keepAlive: false, timeout: 2_000 });
      await waitFor(async () => (await client.get(`http://${address}/`)).status === 200, {
        message: `an answer from ${address}`,
      });
      await client.close();
      return Date.now() - died;
    });
    const back = death.then(async () => {
      await sleep(AWAY * 1000);
      const until = Date.now();
      await revive();
      return until;
    });
    const troubles: Trouble[] = [];
    const reports = await Promise.all(
      [true, false].map(async (keepAlive) => {
        // Twelve tries of a second or two fit.
        const client = new Client({ address: lab.hostAddress, ca, keepAlive, timeout: 20_000 });
        const watched = { get: observe(client, troubles) } as unknown as Client;
        const report = await load(watched, `${url}/healthz`, {
          requests: 1,
          until: back,
          concurrency: WORKERS,
        });
        await client.close();
        return report;
      }),
    );
    const died = await death;
    const after = troubles.filter(({ failed, begun }) => failed && begun > died);
    const until = await back;
    const well =
      Math.max(died, ...troubles.map(({ ended }) => ended).filter((ended) => ended < until)) - died;
    const sent = reports.reduce((sum, report) => sum + report.sent, 0);
    const lost = reports.flatMap(({ failed }) => failed);
    const late = troubles.filter(({ failed }) => !failed).length;
    console.log(
      `${victim} died: ${sent} requests, ${lost.length} lost, ${late} later than a second, all well after ${seconds(well)}; MetalLB's address answered after ${seconds(await moved)}`,
    );
    expect(after).toEqual([]);
    // Each worker has one request in flight.
    expect(lost.length).toBeLessThanOrEqual(2 * WORKERS);
    expect(await objects("nodes", victim)).toHaveLength(1);
  });
});

/** Has this machine ask on the link who has an address, whatever answers at its port. */
const heard = (address: string): Promise<unknown> =>
  fetch(`http://${address}/`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);

/** Of each client. */
const WORKERS = 8;

/** A request that failed, or took longer than a second. */
interface Trouble {
  readonly begun: number;
  readonly ended: number;
  readonly failed: boolean;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const observe =
  (client: Client, troubles: Trouble[]): Client["get"] =>
  async (...args) => {
    const begun = Date.now();
    const note = (failed: boolean): void => {
      if (failed || Date.now() - begun > 1_000) troubles.push({ begun, ended: Date.now(), failed });
    };
    try {
      const answer = await client.get(...args);
      note(answer.status !== 200);
      return answer;
    } catch (error) {
      note(true);
      throw error;
    }
  };
