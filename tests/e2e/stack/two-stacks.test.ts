import { afterAll, beforeAll, expect, it } from "vitest";

import { Client, load, TestStack } from "../harness/index.ts";
import { beside, published, type Published } from "./program.ts";

/** A small stack that publishes one app under one host. */
const prepare = (name: "e2e-first" | "e2e-second", from: string): Promise<TestStack> =>
  TestStack.prepare(name, {
    from,
    config: {
      ...beside(name),
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
  [first, second] = await Promise.all([prepare("e2e-first", "dev"), prepare("e2e-second", "staging")]);
  await Promise.all([first.up(), second.up()]);
  [atFirst, atSecond] = await Promise.all([published(first), published(second)]);
});

afterAll(() => Promise.all([first.remove(), second.remove()]));

const hello = ({ urls }: Published): string => urls["hello"] ?? "";

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
  const until = first.destroy();
  const report = await load(atSecond.client, `${hello(atSecond)}/healthz`, {
    requests: 1_000,
    until,
    concurrency: 2,
  });
  await until;
  expect(report.failed).toEqual([]);
  await expect(atFirst.client.get(hello(atFirst))).rejects.toThrow();
});
