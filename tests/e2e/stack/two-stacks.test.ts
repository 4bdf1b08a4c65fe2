import { afterAll, beforeAll, expect, it } from "vitest";

import { Client, type Config, loadDuring, TestStack, waitFor } from "../harness/index.ts";
import { beside, published, type Published } from "./program.ts";

/** A small stack that publishes one app under one host. */
const prepare = (name: string, from: string, config: Config): Promise<TestStack> =>
  TestStack.prepare(name, {
    from,
    config: {
      ...config,
      // The same hosts in both: what a Traefik serves must be decided by more than the host.
      domain: "shared.test",
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
  });

let first: TestStack;
let second: TestStack;
let atFirst: Published;
let atSecond: Published;

beforeAll(async () => {
  [first, second] = await Promise.all([
    // Its node ports are Kubernetes' to pick.
    prepare("e2e-first", "dev", { traefik: { web: undefined, websecure: undefined } }),
    prepare("e2e-second", "staging", beside("e2e-second")),
  ]);
  await Promise.all([first.up(), second.up()]);
  [atFirst, atSecond] = await Promise.all([published(first), published(second)]);
});

afterAll(() => Promise.all([first.remove(), second.remove()]));

const hello = ({ urls }: Published): string => urls["hello"] ?? "";

it("redirects to the port of https, also to one that Kubernetes picked", async () => {
  for (const { client, endpoint } of [atFirst, atSecond]) {
    const { headers } = await waitFor(
      async () => {
        const answer = await client.get(`http://hello.shared.test:${endpoint.http}/whoami`);
        return [301, 308].includes(answer.status) && answer;
      },
      { message: `a redirect from port ${endpoint.http}` },
    );
    expect(headers["location"]).toBe(`https://hello.shared.test:${endpoint.https}/whoami`);
  }
  expect(await first.changes()).toEqual([]);
});

interface Seen {
  readonly namespace: string;
}

it("serves the same host from each stack's own pods, with each stack's own certificate", async () => {
  const one = await atFirst.client.json<Seen>(`${hello(atFirst)}/whoami`);
  const other = await atSecond.client.json<Seen>(`${hello(atSecond)}/whoami`);
  expect([one.namespace, other.namespace]).toEqual(["slipway-e2e-first", "slipway-e2e-second"]);
  const mistaken = new Client({ address: atSecond.endpoint.address, ca: atFirst.ca });
  await expect(mistaken.get(hello(atSecond))).rejects.toThrow(/certificate|self-signed/);
  await mistaken.close();
});

it("knows no route of the other stack", async () => {
  await second.configure({ apps: { extra: { image: "fastapi", host: "only-second.test" } } });
  await second.up();
  const { client, urls, endpoint } = await published(second);
  expect((await client.get(urls["extra"] ?? "")).status).toBeLessThan(400);
  const anyone = new Client({ address: endpoint.address, insecure: true });
  const atOther = `https://only-second.test:${atFirst.endpoint.https}`;
  expect((await anyone.get(atOther)).status).toBe(404);
  await anyone.close();
});

it("goes on serving while and after the other is destroyed, without losing a request", async () => {
  await loadDuring(first.destroy(), atSecond.client, `${hello(atSecond)}/healthz`, {
    requests: 1_000,
    concurrency: 2,
  });
  await expect(atFirst.client.get(hello(atFirst))).rejects.toThrow();
});
