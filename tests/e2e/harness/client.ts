import { isIP, type LookupFunction } from "node:net";

import { Agent, request } from "undici";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** By lower-case name; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface ClientOptions {
  /** Address that every host name leads to, in place of DNS. */
  readonly address: string;
  /** Certificate authority to trust, as PEM; without it, the machine's. */
  readonly ca?: string;
  /**
   * Accepts any certificate, to see what is behind it.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Whether connections are used for more than one request.
   * @default true
   */
  readonly keepAlive?: boolean;
  /**
   * Milliseconds without a word of an answer after which a request fails.
   * @default 30000
   */
  readonly timeout?: number;
  /**
   * Address of this machine that connections come from.
   * @default as the system routes
   */
  readonly localAddress?: string;
}

interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Client that reaches hosts without DNS, trusts one authority, and follows no redirects. */
export class Client {
  readonly #agent: Agent;

  constructor({
    address,
    ca,
    insecure = false,
    keepAlive = true,
    timeout = 30_000,
    localAddress,
  }: ClientOptions) {
    const lookup: LookupFunction = (_host, options, done) => {
      const family = isIP(address);
      if (options.all) done(null, [{ address, family }]);
      else done(null, address, family);
    };
    this.#agent = new Agent({
      pipelining: keepAlive ? 1 : 0,
      connect: { lookup, timeout: 5_000, rejectUnauthorized: !insecure, ...(ca === undefined ? {} : { ca }) },
      ...(localAddress !== undefined && { localAddress }),
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
  }

  /** Asks, once; an answer of any status is an answer. */
  async request(url: string, options: RequestOptions = {}): Promise<Answer> {
    const { statusCode, headers, body } = await request(url, { dispatcher: this.#agent, ...options });
    return { status: statusCode, headers: joined(headers), body: await body.text() };
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(url, { headers });
  }

  /** The body as JSON of an answer that must be 200. */
  async json<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
    const { status, body } = await this.get(url, headers);
    if (status !== 200) throw new Error(`${url} answered ${status}: ${body}`);
    return JSON.parse(body) as T;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

const joined = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
