import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { installGatewayApi } from "../../lab/cluster/addons/gateway.ts";
import {
  type Client,
  exampleConfig,
  load,
  objects,
  said,
  TestStack,
  useExample,
  waitFor,
  withoutGroup,
} from "./harness/index.ts";

// The lab has them on demand; where they are, this changes nothing.
beforeAll(installGatewayApi);

const example = useExample("gateway-api", "e2e-gateway");
const { url } = example;

interface GatewayStatus {
  readonly addresses?: readonly object[];
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}

describe("a client of the HTTPRoutes", () => {
  const client = example.client();
  let secure: Client;
  const https = (path: string): string => `https://shop.test:${example.ports.https}${path}`;
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    said(await secure.get(https(path), headers));

  beforeAll(async () => {
    secure = example.client(await example.stack().output<string>("caCertificate"));
    await waitFor(
      async () =>
        (await ask("/v2/version")) === "v2" &&
        said(await client.get(url("weights.test", "/version"))) !== "404",
      { message: "Traefik to serve the HTTPRoutes" },
    );
  });
  afterAll(async () => {
    await client.close();
    await secure.close();
  });

  it("finds a Gateway that is programmed, at its address", async () => {
    const namespace = await example.stack().namespace();
    const status = await waitFor(
      async () => {
        const [gateway] = await objects("gateways.gateway.networking.k8s.io", "--namespace", namespace);
        const seen = gateway?.["status"] as GatewayStatus | undefined;
        return seen?.addresses === undefined ? undefined : seen;
      },
      { message: "the Gateway's status" },
    );
    expect(status.addresses).toEqual([{ type: "IPAddress", value: example.address }]);
    expect(status.conditions.map(({ type, status: is }) => `${type}=${is}`)).toEqual(
      expect.arrayContaining(["Accepted=True", "Programmed=True"]),
    );
  });

  it("is led by path, header, query and method", async () => {
    expect(await ask("/v1/version")).toBe("v1");
    expect(await ask("/v2/version")).toBe("v2");
    expect(await ask("/v20/version")).toBe("404");
    expect(await ask("/version")).toBe("v1");
    expect(await ask("/version", { version: "2" })).toBe("v2");
    expect(await ask("/version", { version: "3" })).toBe("v1");
    expect(await ask("/version?version=2")).toBe("v2");
    const deleted = await secure.request(https("/whoami"), { method: "DELETE" });
    expect(deleted.headers).toMatchObject({ allow: "GET", "x-app-version": "echo" });
  });

  it("is sent to https on the port it can reach", async () => {
    const plain = await client.get(url("shop.test", "/version?x=1"));
    expect(plain).toMatchObject({ status: 301, headers: { location: https("/version?x=1") } });
    expect(said(await client.get(url("shop.test", "/elsewhere")))).toBe("404");
  });

  it("goes through Gateway API's filters", async () => {
    const answer = await client.get(url("filters.test", "/whoami"), { "x-secret": "1", "x-add": "1" });
    expect(answer.headers).toMatchObject({ "x-gateway": "traefik" });
    const { headers } = JSON.parse(answer.body) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ "x-set": "by gateway", "x-add": "1, 2" });
    expect(headers).not.toHaveProperty("x-secret");

    const rewritten = await client.json(url("filters.test", "/rewrite"));
    expect(rewritten).toMatchObject({ path: "/whoami", host: "inner.test" });

    const moved = await client.get(url("filters.test", "/moved"));
    expect([moved.status, new URL(moved.headers["location"] ?? "")]).toMatchObject([
      302,
      { hostname: "new.test", pathname: "/here" },
    ]);
  });

  it("goes through Traefik's own middlewares", async () => {
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push(said(await client.get(url("limited.test", "/version"))));
    expect(answers).toEqual(["v1", "v1", "429"]);
  });

  it("is led to the new version every fourth time", async () => {
    const { failed, answers } = await load(client, url("weights.test", "/version"), {
      requests: 2_000,
      key: said,
    });
    expect(failed).toEqual([]);
    expect(answers["v2"]).toBeGreaterThan(425);
    expect(answers["v2"]).toBeLessThan(575);
  });
});

it("says what to install in a cluster without the API", async () => {
  const refusal = await withoutGroup("gateway.networking.k8s.io", async (kubeconfig) => {
    const stack = await TestStack.prepare("e2e-no-gateway", {
      program: "examples/gateway-api",
      config: { ...exampleConfig("e2e-no-gateway"), "kubernetes:kubeconfig": kubeconfig },
    });
    try {
      return await stack.up().then(() => "it was deployed", String);
    } finally {
      await stack.remove();
    }
  });
  expect(refusal).toMatch(
    /providers\.kubernetesGateway needs the Gateway API, which is not installed.*kubectl apply .*standard-install\.yaml/,
  );
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});
