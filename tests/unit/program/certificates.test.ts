import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { resolved } from "../mocks.ts";
import { root, run, sourceOf } from "./stack.ts";

const read = (name: string): string => readFileSync(join(root, "tests/data/certificates", name), "utf8");
const pem = { kind: "pem", chain: read("leaf.pem") + read("intermediate.pem"), key: read("leaf.key") };
const kept = { kind: "secret", secretName: "kept" };
const app = (more: object = {}): object => ({ image: "x:1", host: "shop.example", ...more });

describe("the authority", () => {
  const isMade = (config: Record<string, unknown>): boolean => {
    const { tls } = readConfig(sourceOf(config));
    return tls !== false && tls.authority !== undefined;
  };

  it.each([
    ["nothing is published yet", {}],
    [
      "one app of several is served with its certificate",
      { tls: { source: pem }, apps: { a: app(), b: app({ host: "b", certificate: { kind: "authority" } }) } },
    ],
    [
      "the dashboard is",
      {
        tls: { source: kept },
        apps: { a: app() },
        traefik: { dashboard: { host: "d", users: { a: "x" }, allow: ["10.0.0.0/8"] } },
      },
    ],
    [
      "other stacks are on the platform",
      { tls: { source: kept }, platform: { shared: true }, apps: { a: app() } },
    ],
  ])("is made where %s", (_, config) => {
    expect(isMade(config)).toBe(true);
  });

  it.each([
    ["the stack", { tls: { source: pem }, apps: { a: app() } }],
    [
      "each app",
      {
        apps: {
          a: app({ certificate: pem }),
          b: app({ host: "b", certificate: kept }),
          c: app({ route: false }),
        },
      },
    ],
    ["a stack without apps", { tls: { source: kept } }],
  ])("is not made where all certificates come from elsewhere, as %s says", (_, config) => {
    expect(isMade(config)).toBe(false);
  });

  it("leaves nothing of itself in the program", async () => {
    const portal = { image: "nginx", portal: true, host: "shop.example", path: "/portal" };
    const { resources, value } = await run("dev", { tls: { source: pem }, apps: { a: app(), portal } });
    expect(resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
    expect(resources.filter(({ type }) => type === "slipway:tls:CertificateAuthority")).toEqual([]);
    expect(value).not.toHaveProperty("caCertificate");
    const page = await resolved(value.readme);
    expect(page).not.toContain("ca.crt");
    expect(page).toContain("One that was bought is yours to replace: set the next, and run `pulumi up`.");
    expect(page).not.toContain("`pulumi up` issues a certificate anew");
  });
});

it("warns of a bought certificate before it ends, and only then", async () => {
  const told: string[] = [];
  const pulumi = await import("@pulumi/pulumi");
  vi.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    told.push(message);
    return Promise.resolve();
  });
  const page = async (): Promise<string> =>
    resolved((await run("dev", { tls: { source: pem }, apps: { a: app() } })).value.readme);
  expect(await page()).toContain("| 2126-11-02T");
  expect(told).toEqual([]);
  vi.useFakeTimers({ now: new Date("2126-10-10"), toFake: ["Date"] });
  try {
    expect(await page()).toMatch(/\| \*\*2126-11-02T[^|]*Z\*\*, soon \|/);
    expect(told).toEqual(["the certificate of shop.example ends on 2126-11-02: set the next one before"]);
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});
