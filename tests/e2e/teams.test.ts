import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Client, leftovers, loadDuring, NODE_PORTS, objects, site, TestStack } from "./harness/index.ts";
import { answering, privateKeys } from "./stack/program.ts";

const NAME = "e2e-teams";
const PLATFORM = `organization/slipway/${NAME}`;
const ports = NODE_PORTS[NAME];

/** Where the platform put each team. */
const spaceOf = (team: string): string => `slipway-${NAME}-${team}`;

let directory: string;
let platform: TestStack;
let blue: TestStack;
let green: TestStack;
let client: Client;

const kubeconfig = (team: string): string => join(directory, `${team}.kubeconfig`);

/** Runs kubectl with a team's kubeconfig. @returns what it says, whether it may or not */
async function kubectlOf(team: string, ...args: readonly string[]): Promise<string> {
  const { all } = await execa("kubectl", args, {
    env: { KUBECONFIG: kubeconfig(team) },
    all: true,
    reject: false,
  });
  return all;
}

const ofTeam = (team: string, name: string, program: string, config: object): Promise<TestStack> =>
  TestStack.prepare(name, {
    program,
    ...(team === "blue" && { from: "blue" }),
    config: { ...config },
    env: { KUBECONFIG: kubeconfig(team) },
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-teams-"));
  platform = await TestStack.prepare(NAME, {
    program: "examples/teams",
    from: "platform",
    config: {
      traefik: {
        web: { nodePort: ports.http },
        websecure: { nodePort: ports.https },
        providers: { kubernetesGateway: true },
      },
    },
    runProgram: true,
  });
  await platform.up();
  for (const team of ["blue", "green"]) {
    const { stdout, stderr } = await platform.slipway("kubeconfig", team, "--duration", "1h");
    expect(stderr).toBe("");
    await writeFile(kubeconfig(team), stdout, { mode: 0o600 });
  }
  blue = await ofTeam("blue", "e2e-blue", "examples/teams", { platform: { stack: PLATFORM } });
  green = await ofTeam("green", "e2e-green", "examples/teams/green", { platform: PLATFORM });
  // At the same time, each with no more rights than its team has.
  await Promise.all([blue.up(), green.up()]);
  const { nodeAddress } = site().endpoint;
  client = new Client({ address: nodeAddress, ca: await platform.output<string>("caCertificate") });
});

afterAll(async () => {
  await client.close();
  // The platform does not go before who is on it.
  await Promise.all([blue.remove(), green.remove()]);
  await platform.remove();
  expect(await leftovers(NAME, `slipway-${NAME}`)).toEqual([]);
  await rm(directory, { recursive: true });
});

const urls = {
  api: `https://shop.blue.test:${ports.https}/api`,
  guide: `https://shop.blue.test:${ports.https}`,
  green: `https://shop.green.test:${ports.https}`,
};

it("serves each team's apps by the platform's Traefik, with certificates that its authority signed", async () => {
  expect(await blue.output("urls")).toEqual({ api: urls.api, guide: urls.guide });
  expect(await green.output("url")).toBe(urls.green);
  for (const url of [`${urls.api}/whoami`, urls.guide, `${urls.green}/healthz`]) await answering(client, url);
  const { namespace } = await client.json<{ namespace: string }>(`${urls.api}/whoami`);
  expect(namespace).toBe(spaceOf("blue"));
  const traefiks = await objects("deployments", "--all-namespaces", "-lapp.kubernetes.io/name=traefik");
  const own = traefiks.filter(
    ({ metadata }) => metadata.labels?.["slipway.dev/platform"] === `slipway-${NAME}`,
  );
  expect(own.map(({ metadata }) => metadata.namespace)).toEqual([`slipway-${NAME}-traefik`]);
});

it("previews empty when nothing has changed", async () => {
  const changes = await Promise.all([platform, blue, green].map((stack) => stack.changes()));
  expect(changes.flat()).toEqual([]);
});

it("shows the authority's key in no state", async () => {
  for (const stack of [platform, blue, green]) expect(privateKeys(await stack.exported())).toEqual([]);
});

describe("a team's account", () => {
  const may = async (team: string, verb: string, what: string, namespace: string): Promise<string> =>
    (await kubectlOf(team, "auth", "can-i", verb, what, "--namespace", namespace))
      .trim()
      .split("\n")
      .at(-1) ?? "";

  it("may write in its own namespace, and nobody else's", async () => {
    expect(await may("blue", "create", "deployments.apps", spaceOf("blue"))).toBe("yes");
    expect(await may("blue", "delete", "ingressroutes.traefik.io", spaceOf("blue"))).toBe("yes");
    for (const namespace of [spaceOf("green"), `slipway-${NAME}-traefik`, "kube-system", "default"]) {
      expect(await may("blue", "create", "deployments.apps", namespace)).toBe("no");
      expect(await may("blue", "get", "secrets", namespace)).toBe("no");
    }
    expect(
      await kubectlOf("blue", "delete", "deployment", "shop", "--namespace", spaceOf("green")),
    ).toContain("is forbidden");
  });

  it("may not give itself more, nor take the platform's TLS options away", async () => {
    for (const what of [
      "rolebindings.rbac.authorization.k8s.io",
      "tlsoptions.traefik.io",
      "tlsstores.traefik.io",
    ]) {
      expect(await may("blue", "create", what, spaceOf("blue"))).toBe("no");
    }
    expect(await may("blue", "delete", "namespaces", spaceOf("blue"))).toBe("no");
    expect(await may("blue", "patch", "ingressclasses.networking.k8s.io", "")).toBe("no");
  });
});

it("is spoken of by slipway's verbs like any other stack, with the team's rights", async () => {
  const [doctor, graph] = await Promise.all([blue.slipway("doctor"), blue.slipway("graph")]);
  expect([doctor.code, doctor.stderr]).toEqual([0, ""]);
  // The platform's Traefik is outside of the picture: nothing of it is this stack's.
  expect(graph.stdout).toContain("shop.blue.test");
  expect(graph.stdout).not.toContain("traefik");
});

it("refuses a host that another team has, before anything changes", async () => {
  await blue.configure({ apps: { guide: { host: "shop.green.test" } } });
  expect(await blue.refusal()).toEqual([
    "error: stack e2e-blue, on its cluster:",
    `  apps.guide.host: "shop.green.test" is taken by IngressRoute ${spaceOf("green")}/shop of stack teams-green/e2e-green`,
  ]);
  await blue.configure({ apps: { guide: { host: "shop" } } });
  await green.configure({ host: "shop.blue.test" });
  expect(await green.refusal()).toEqual([
    `error: platform slipway-${NAME}:`,
    `  hosts[0]: "shop.blue.test" is taken by IngressRoute ${spaceOf("blue")}/api of stack slipway/e2e-blue`,
  ]);
  await green.configure({ host: undefined });
});

it("keeps the platform while teams are on it, and deletes nothing of it", async () => {
  const destroy = (...args: string[]) => platform.command("destroy", "--yes", "--skip-preview", ...args);
  await expect(destroy()).rejects.toThrow("--run-program");
  await expect(destroy("--run-program")).rejects.toMatchObject({
    stdout: expect.stringContaining(
      `platform slipway-${NAME} is in use by slipway/e2e-blue, teams-green/e2e-green: destroy what they have there first`,
    ) as string,
  });
  expect(await platform.changes()).toEqual([]);
});

it("serves a team's HTTPRoute by the platform's Traefik, and keeps its host from the other", async () => {
  const host = "guide.blue.test";
  await blue.deploy({ apps: { guide: { kind: "httpRoute", host: "guide" } } });
  await answering(client, `https://${host}:${ports.https}`);
  await green.configure({ host });
  expect(await green.refusal()).toEqual([
    `error: platform slipway-${NAME}:`,
    `  hosts[0]: "${host}" is taken by HTTPRoute ${spaceOf("blue")}/guide of stack slipway/e2e-blue`,
  ]);
  await green.configure({ host: undefined });
});

it("takes one team's apps away, and loses no request of another's", async () => {
  await loadDuring(blue.destroy(), client, `${urls.green}/healthz`, { requests: 500, concurrency: 2 });
  // What answers for a host without a route has Traefik's own certificate.
  await expect(client.get(urls.guide)).rejects.toThrow(/certificate|self-signed/);
  const left = await objects("all,secrets,ingressroutes,gateways,httproutes", "--namespace", spaceOf("blue"));
  expect(left.filter(({ metadata }) => metadata.labels?.["slipway.dev/stack"] === "e2e-blue")).toEqual([]);
});
