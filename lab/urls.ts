import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { ask, certificateProblem, type Published } from "../cli/served/served.ts";
import { Interrupted, LabError, messageOf } from "./base/errors.ts";
import { isInterrupted } from "./base/interrupt.ts";
import { stateDir } from "./base/paths.ts";
import { shellQuote } from "./env.ts";

/** Connections to a URL at a time: each may lead to another of Traefik's pods, which learn of a change by themselves. */
const CONNECTIONS = 5;

interface CheckOptions {
  /** Seconds to wait. @default 60 */
  readonly deadline?: number;
  /** What the stack published before it was brought up. */
  readonly before?: Certificates;
}

type Certificates = Pick<Published, "certificates">;

/**
 * Waits until every URL answers as a client would see it: at the stack's address, with the certificate that the stack has
 * issued, verified against the exported authority. Traefik serves its own, or the one before, for a moment after a change.
 */
export async function checkUrls(
  published: Published,
  { deadline = 60, before = {} }: CheckOptions = {},
): Promise<void> {
  const replaced = replacedByAcme(before, published);
  const until = Date.now() + deadline * 1000;
  const failures = await Promise.all(
    Object.values(published.urls).map(async (url) => {
      for (;;) {
        const problems = await Promise.all(
          Array.from({ length: CONNECTIONS }, () => problemAt(url, published, replaced)),
        );
        const problem = problems.find((found) => found !== undefined);
        if (problem === undefined) return undefined;
        if (isInterrupted()) throw new Interrupted();
        if (Date.now() > until) return `${url}: ${problem}`;
        await sleep(250);
      }
    }),
  );
  const problems = failures.filter((failure) => failure !== undefined);
  if (problems.length > 0) {
    throw new LabError(
      `after ${deadline} s not every URL answers as it should:\n  ${problems.join("\n  ")}`,
      "`make doctor` looks for what is behind it. Once that is mended, run this again.",
    );
  }
}

/**
 * Fingerprints of certificates that a stack no longer publishes, for hosts that Traefik now asks an ACME server for. Nothing says what
 * that server issues, only that it is none of these.
 */
export function replacedByAcme(before: Certificates, now: Certificates): ReadonlySet<string> {
  const certificates = Object.values(now.certificates ?? {});
  const asked = new Set(certificates.flatMap(({ acme, hosts }) => (acme === undefined ? [] : hosts)));
  const kept = new Set(certificates.map(({ fingerprint }) => fingerprint));
  const replaced = Object.values(before.certificates ?? {}).filter(
    ({ hosts, fingerprint }) => hosts.some((host) => asked.has(host)) && !kept.has(fingerprint),
  );
  return new Set(replaced.flatMap(({ fingerprint = [] }) => fingerprint));
}

/** What is wrong with the answer at a URL, or undefined. Being asked for a password is an answer. */
async function problemAt(
  url: string,
  published: Published,
  replaced: ReadonlySet<string>,
): Promise<string | undefined> {
  try {
    const answer = await ask(url, published.endpoint.address, published.caCertificate);
    const problem = certificateProblem(url, answer, published);
    if (problem !== undefined) return problem;
    if (replaced.has(answer.certificate?.fingerprint256 ?? "")) return "shows the certificate from before";
    const good = answer.status < 400 || answer.status === 401;
    return good ? undefined : `answers ${answer.status}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** A command to paste that asks the first URL without DNS, and trusts the stack's authority alone. */
export function curlCommand(stack: string, { urls, endpoint, caCertificate }: Published): string {
  const url = Object.values(urls)[0];
  if (url === undefined) return "pulumi stack output";
  const { hostname, port } = new URL(url);
  const resolve = `${hostname}:${port || "443"}:${endpoint.address}`;
  const trust = caCertificate === undefined ? [] : ["--cacert", keepAuthority(stack, caCertificate)];
  return ["curl", ...trust, "--resolve", resolve, url].map(shellQuote).join(" ");
}

function keepAuthority(stack: string, pem: string): string {
  const file = stateDir("authorities", `${stack}.pem`);
  mkdirSync(stateDir("authorities"), { recursive: true });
  writeFileSync(file, pem);
  return file;
}
