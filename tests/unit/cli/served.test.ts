import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { type Answer, ask, certificateProblem } from "../../../cli/served/served.ts";
import { checkUrls, replacedByAcme } from "../../../lab/urls.ts";

describe("the certificate that a client is shown", () => {
  const shown = (fingerprint256: string, untrusted?: string): Pick<Answer, "certificate"> => ({
    certificate: {
      fingerprint256,
      subject: { CN: "web" },
      valid_from: "Nov 25 11:00:00 2025 GMT",
      subjectaltname: "DNS:web.test, DNS:*.web.test",
      valid_to: "Nov 26 11:00:00 2026 GMT",
      untrusted,
    },
  });
  const certificates = {
    "shop/web-tls": { hosts: ["web.test", "*.web.test"], fingerprint: "AA", validityEnd: "" },
    "team/web-tls": { hosts: ["web.test"], fingerprint: "BB", validityEnd: "" },
  };
  const problem = (url: string, answer: Pick<Answer, "certificate">) =>
    certificateProblem(url, answer, { certificates });

  it("is right when the stack issued it for that host, whichever Secret it is in", () => {
    expect(problem("https://web.test/", shown("AA"))).toBeUndefined();
    expect(problem("https://web.test:31971/", shown("BB"))).toBeUndefined();
    expect(problem("https://a.web.test/", shown("AA"))).toBeUndefined();
  });

  it("is wrong when it is another one, also one that is trusted", () => {
    expect(problem("https://web.test/", shown("CC"))).toBe(
      "shows the certificate of web, which ends on 2026-11-26, and not the one in Secret shop/web-tls or team/web-tls",
    );
    expect(problem("https://a.web.test/", shown("BB"))).toMatch(/and not the one in Secret shop\/web-tls$/);
  });

  it("has to be trusted", () => {
    expect(problem("https://web.test/", shown("AA", "CERT_HAS_EXPIRED"))).toBe(
      "shows the certificate of web, which ends on 2026-11-26, and is not trusted: CERT_HAS_EXPIRED",
    );
  });

  it("is trusted by other means where it is from elsewhere, as long as it is valid", () => {
    const given = { hosts: ["web.test"], provided: true };
    const ask = (end: string, certificate: object) => {
      const { certificate: own } = shown("AA", "SELF_SIGNED_CERT_IN_CHAIN");
      const answer = { certificate: own && { ...own, valid_to: end } };
      return certificateProblem("https://web.test/", answer, {
        certificates: { "shop/own": { ...given, ...certificate } },
      });
    };
    const [future, past] = ["Nov 26 11:00:00 2126 GMT", "Nov 26 11:00:00 2020 GMT"];
    expect(ask(future, { fingerprint: "AA" })).toBeUndefined();
    expect(ask(future, {})).toBeUndefined();
    expect(ask(past, {})).toMatch(/ends on 2020-11-26, and is not trusted/);
    expect(ask(future, { fingerprint: "BB" })).toMatch(/and not the one in Secret shop\/own$/);
  });

  it("has begun, also where it is trusted by other means", () => {
    const { certificate: own } = shown("AA", "CERT_NOT_YET_VALID");
    const answer = { certificate: own && { ...own, valid_from: "Nov 26 09:00:00 2026 GMT" } };
    const told = (provided: boolean, now: string) => {
      const certificates = { "shop/web-tls": { hosts: ["web.test"], fingerprint: "AA", provided } };
      return certificateProblem("https://web.test/", answer, { certificates }, new Date(now));
    };
    for (const provided of [true, false]) {
      expect(told(provided, "2026-11-26T08:00:00Z")).toBe(
        "shows the certificate of web, which is not valid before 2026-11-26T09:00:00Z, and it is 2026-11-26T08:00:00Z here: the clock of the machine that issued it was ahead, or this one's is behind",
      );
    }
    expect(told(true, "2026-11-26T09:00:01Z")).toBeUndefined();
  });

  it("is not another's where it is from elsewhere: Traefik's own is for no host", () => {
    const { certificate } = shown("AA", "DEPTH_ZERO_SELF_SIGNED_CERT");
    const answer = {
      certificate: certificate && {
        ...certificate,
        subjectaltname: "DNS:0123.traefik.default",
        valid_to: "Nov 26 11:00:00 2126 GMT",
      },
    };
    const certificates = { "traefik.acme/web.test": { hosts: ["web.test"], provided: true } };
    expect(certificateProblem("https://web.test/", answer, { certificates })).toMatch(
      /is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT$/,
    );
  });

  it("is of no interest where the stack has issued none, or there is none", () => {
    expect(problem("https://elsewhere.test/", shown("CC"))).toBeUndefined();
    expect(problem("https://a.b.web.test/", shown("CC"))).toBeUndefined();
    expect(problem("http://web.test/", { certificate: undefined })).toBeUndefined();
  });
});

describe("a URL", () => {
  let server: Server;
  afterEach(() => server.close());

  /** A server whose answers have these statuses, the last one from then on. */
  const serve = async (...statuses: readonly number[]): Promise<string> => {
    let asked = 0;
    server = createServer((_, response) => {
      response.writeHead(statuses[Math.min(asked++, statuses.length - 1)] ?? 500).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://web.test:${(server.address() as AddressInfo).port}/`;
  };
  const endpoint = { address: "127.0.0.1" };

  it("is asked at an address, without DNS, over plain http as well", async () => {
    expect(await ask(await serve(204), endpoint.address, undefined)).toEqual({
      status: 204,
      certificate: undefined,
    });
  });

  it("is waited for until every connection has a good answer", async () => {
    await checkUrls({ urls: { web: await serve(200, 404, 503, 200, 200, 401) }, endpoint }, { deadline: 10 });
  });

  it("is named with what is wrong, when that lasts", async () => {
    const url = await serve(503);
    await expect(checkUrls({ urls: { web: url }, endpoint }, { deadline: 0 })).rejects.toThrow(
      `after 0 s not every URL answers as it should:\n  ${url}: answers 503`,
    );
  });
});

describe("what ACME replaces", () => {
  const hosts = ["web.test"];
  const before = { certificates: { "shop/web-tls": { hosts, fingerprint: "AA" } } };
  const acme = { "traefik.acme/web.test": { hosts, provided: true, acme: "https://acme.test/dir" } };

  it("is what the stack published for the host, and no longer does", () => {
    expect(replacedByAcme(before, { certificates: acme })).toEqual(new Set(["AA"]));
    expect(replacedByAcme(before, { certificates: { ...before.certificates, ...acme } })).toEqual(new Set());
  });

  it("is nothing of other hosts, and nothing where the next one is from elsewhere", () => {
    const other = { certificates: { "shop/other-tls": { hosts: ["other.test"], fingerprint: "AA" } } };
    expect(replacedByAcme(other, { certificates: acme })).toEqual(new Set());
    expect(replacedByAcme(before, { certificates: { "shop/own": { hosts, provided: true } } })).toEqual(
      new Set(),
    );
    expect(replacedByAcme({}, { certificates: acme })).toEqual(new Set());
  });
});
