import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { hash } from "bcryptjs";

import { merged, type Config } from "../tests/e2e/harness/config.ts";
import { site } from "../tests/e2e/harness/example.ts";
import { kubectl } from "../tests/e2e/harness/kubectl.ts";
import type { FilledRegistry } from "../tests/e2e/harness/registry.ts";
import { webPort } from "../tests/e2e/harness/settled.ts";
import { ROOT, type StackOptions, type TestStack } from "../tests/e2e/harness/stack.ts";

/** What is asked of an example once it is up. */
export interface Question {
  readonly url: string;
  /** Name that the request is for. */
  readonly host: string;
  /** Status of the answer. */
  readonly status: number;
}

/** One of `examples/`, and how to see that it serves. */
export interface Program {
  readonly name: string;
  readonly options: StackOptions;
  /** What it publishes, where that speaks http; of the others, the pods have to be ready. */
  readonly question?: ((stack: TestStack) => Promise<Question>) | undefined;
}

interface Special extends Pick<StackOptions, "config" | "secrets"> {
  readonly question?: Program["question"];
}

const { endpoint, traefik: { chart, ...traefik } = {} } = site();

/** What every example with a Traefik is told; which node ports it gets, the cluster says. */
const COMMON: Config = {
  address: endpoint.nodeAddress,
  traefik: { ...traefik, ...(chart && { chart: { chart } }) },
};

/** Room for load balancers in the lab's network. */
const POOL = "198.18.77.100-198.18.77.125";

/** Every program below `examples/`. */
export async function programs(registry: FilledRegistry): Promise<Program[]> {
  const special = await specials(registry);
  const directories = readdirSync(join(ROOT, "examples"), { withFileTypes: true });
  return (
    directories
      // Its stacks need each other, one after the other.
      .filter((entry) => entry.isDirectory() && entry.name !== "teams")
      .map(({ name }) => {
        const { config = {}, secrets = {}, question } = special[name] ?? {};
        return {
          name,
          options: { program: `examples/${name}`, config: merged(COMMON, config), secrets },
          question,
        };
      })
  );
}

async function specials({ prefix, username, password }: FilledRegistry): Promise<Record<string, Special>> {
  const secret = randomBytes(12).toString("hex");
  const chart = process.env["SLIPWAY_METALLB_CHART"];
  const metallb = await kubectl("get", "deployments", "-A", "-lapp=metallb", "--output", "name");
  return {
    authentication: { secrets: { "users.ann": secret }, question: routed("basic.test", "/", 401) },
    "behind-a-gateway": {
      question: () =>
        Promise.resolve({ url: `http://${endpoint.nodeAddress}/healthz`, host: "shop.test", status: 200 }),
    },
    "canary-and-mirror": { question: routed("canary.test", "/version") },
    "gateway-api": { question: routed("weights.test", "/version") },
    "host-and-path-routing": { question: routed("one.test", "/version") },
    ingress: {
      secrets: { htpasswd: `ann:${await hash(secret, 4)}` },
      question: routed("v1.test", "/version"),
    },
    "load-balancer": {
      // Where the cluster has a MetalLB, that one will do.
      config: metallb === "" ? { pool: POOL, metallbChart: chart && { chart } } : {},
      question: async (stack) => direct(await stack.output<string>("address"), 80),
    },
    middlewares: { question: routed("chain.test", "/whoami") },
    "private-registry": { config: { registry: prefix, username }, secrets: { password } },
    observability: { question: routed("shop.test", "/healthz", 301) },
    rollout: { question: routed("rollout.test", "/healthz") },
    scaling: { question: onNodePort },
    services: { question: onNodePort },
  };
}

/** By a host and path of the example's own Traefik. */
const routed =
  (host: string, path: string, status = 200): Program["question"] =>
  async (stack) => {
    const port = await webPort(await stack.output<string>("namespaceName"));
    return { url: `http://${endpoint.nodeAddress}:${port}${path}`, host, status };
  };

const onNodePort = async (stack: TestStack): Promise<Question> =>
  direct(endpoint.nodeAddress, (await stack.output<{ http: number }>("nodePorts")).http);

const direct = (address: string, port: number): Question => ({
  url: `http://${address}:${port}/healthz`,
  host: address,
  status: 200,
});
