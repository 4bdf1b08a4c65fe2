import { readFileSync } from "node:fs";

import { beforeAll } from "vitest";
import { parse } from "yaml";

import { Client } from "./client.ts";
import { merged, type Config } from "./config.ts";
import { NODE_PORTS } from "./ports.ts";
import { settled } from "./settled.ts";
import type { TestStack } from "./stack.ts";
import { useStack } from "./use.ts";

/** An example as it is deployed for a test file. */
export interface Example {
  readonly stack: () => TestStack;
  /** Ports that clients reach its Traefik at. */
  readonly ports: { readonly http: number; readonly https: number };
  /** Address that clients reach its Traefik at. */
  readonly address: string;
  /** A client of the example's hosts, which leads there without DNS. */
  readonly client: (ca?: string) => Client;
  /** URL of a host and path over plain http. */
  readonly url: (host: string, path?: string) => string;
}

interface Site {
  readonly traefik?: { readonly chart?: string; readonly crds?: string };
  readonly endpoint: { readonly nodeAddress: string };
}

/**
 * Deploys one of `examples/` for a test file, with a Traefik on node ports of its own.
 * @param example directory below `examples/`
 * @param name of the stack
 */
export function useExample(
  example: string,
  name: keyof typeof NODE_PORTS,
  options: { readonly config?: Config; readonly secrets?: Readonly<Record<string, string>> } = {},
): Example {
  const address = site().endpoint.nodeAddress;
  const ports = NODE_PORTS[name];
  const stack = useStack(name, {
    program: `examples/${example}`,
    config: merged(exampleConfig(name), options.config ?? {}),
    ...(options.secrets && { secrets: options.secrets }),
  });
  beforeAll(async () => settled(await stack().namespace(), name, address));
  return {
    stack,
    ports,
    address,
    client: (ca) => new Client({ address, ...(ca === undefined ? {} : { ca }) }),
    url: (host, path = "/") => `http://${host}:${ports.http}${path}`,
  };
}

/** Configuration of an example at this place, on node ports of its own. */
export function exampleConfig(name: keyof typeof NODE_PORTS): Config {
  const { traefik: { chart, ...traefik } = {}, endpoint } = site();
  const { http, https } = NODE_PORTS[name];
  return {
    address: endpoint.nodeAddress,
    httpsPort: https,
    traefik: {
      ...traefik,
      ...(chart && { chart: { chart } }),
      web: { nodePort: http },
      websecure: { nodePort: https },
    },
  };
}

/** What holds for every stack of this place: the chart, who owns the CRDs, the address. */
export function site(): Site {
  const path = process.env["SLIPWAY_SITE"];
  if (path === undefined) throw new Error('SLIPWAY_SITE is not set: eval "$(make -s env)"');
  return parse(readFileSync(path, "utf8")) as Site;
}
