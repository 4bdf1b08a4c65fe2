import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Interrupted, LabError, messageOf } from "./base/errors.ts";
import { isInterrupted } from "./base/interrupt.ts";
import { stateDir } from "./base/paths.ts";
import { shellQuote } from "./env.ts";

/** The outputs of a stack that say where it is. */
export interface Published {
  /** URLs by app. */
  readonly urls: Readonly<Record<string, string>>;
  readonly endpoint: { readonly address: string };
  /** The authority that signed the certificates, PEM; without it, one that the machine trusts. */
  readonly caCertificate?: string;
}

/**
 * Waits until every URL answers as a client would see it: at the stack's address, TLS verified against the exported authority.
 *
 * @param deadline in seconds
 */
export async function checkUrls(published: Published, deadline = 60): Promise<void> {
  const until = Date.now() + deadline * 1000;
  const failures = await Promise.all(
    Object.values(published.urls).map(async (url) => {
      for (;;) {
        const problem = await problemAt(url, published);
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
      `after ${deadline} s not every URL answers:\n  ${problems.join("\n  ")}`,
      'Look at the pods: eval "$(make -s env)" && kubectl get pods --all-namespaces',
    );
  }
}

/** What is wrong with the answer at a URL, or undefined. Being asked for a password is an answer. */
async function problemAt(url: string, { endpoint, caCertificate }: Published): Promise<string | undefined> {
  try {
    const status = await statusOf(url, endpoint.address, caCertificate);
    return status < 400 || status === 401 ? undefined : `answers ${status}`;
  } catch (error) {
    return messageOf(error);
  }
}

function statusOf(url: string, address: string, ca: string | undefined): Promise<number> {
  const lookup: LookupFunction = (_host, options, done) => {
    const family = isIP(address);
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { lookup, agent: false, timeout: 5000, ...(ca && { ca }) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 5 s")));
    call.on("error", reject);
    call.end();
  });
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
