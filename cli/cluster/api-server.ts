import { readFileSync } from "node:fs";

import type { Dispatcher, request } from "undici";

import { refused, unreachable } from "./errors.ts";
import { type Access, type KubeconfigOptions, loadKubeconfig } from "./kubeconfig.ts";

/** Milliseconds an API server has to begin its answer. */
const ANSWER_TIMEOUT = 30_000;

export interface RequestOptions {
  readonly method?: "GET" | "PATCH" | "DELETE" | "POST" | "PUT";
  /** @default application/json */
  readonly accept?: string;
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** What a server's certificate is verified with, as a kubeconfig has it. */
export type ServerAuthority = Readonly<Record<string, string | true>>;

/** An API server, by HTTP and the credentials of a kubeconfig's context. */
export class ApiServer {
  /** Name of the kubeconfig's context. */
  readonly context: string;
  readonly url: string;
  readonly #access: Access;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher | undefined;
  readonly #request: typeof request;

  private constructor(
    access: Access,
    headers: Readonly<Record<string, string>>,
    dispatcher: Dispatcher | undefined,
    send: typeof request,
  ) {
    this.context = access.context;
    this.url = access.server.replace(/\/+$/, "");
    this.#access = access;
    this.#headers = headers;
    this.#dispatcher = dispatcher;
    this.#request = send;
  }

  /**
   * The server of a kubeconfig. Nothing is asked yet.
   *
   * @throws CliError where there is no such kubeconfig or context
   */
  static async open(options: KubeconfigOptions): Promise<ApiServer> {
    const access = await loadKubeconfig(options);
    const { RequestContext, HttpMethod } = await import("@kubernetes/client-node");
    const context = new RequestContext(access.server, HttpMethod.GET);
    try {
      await access.config.applySecurityAuthentication(context);
    } catch (error) {
      // A certificate's file that is not there, or a program for credentials that failed.
      throw unreachable(error, access);
    }
    const { request } = await import("undici");
    return new ApiServer(access, context.getHeaders(), context.getDispatcher(), request);
  }

  /** What its certificate is verified with; nothing where the machine's own authorities do. */
  get authority(): ServerAuthority {
    const { caData, caFile, skipTLSVerify } = this.#access.config.getCurrentCluster() ?? {};
    const data = caData ?? (caFile && readFileSync(caFile).toString("base64"));
    if (data) return { "certificate-authority-data": data };
    return skipTLSVerify === true ? { "insecure-skip-tls-verify": true } : {};
  }

  /** Ends the connections that are kept open. */
  async close(): Promise<void> {
    await this.#dispatcher?.close();
  }

  /**
   * The body of what the server answers at a path.
   *
   * @throws UnreachableError where nobody answers, ApiError where the server refuses
   */
  async text(path: string, options: RequestOptions = {}): Promise<string> {
    const { method = "GET", accept = "application/json", contentType, query = {}, body } = options;
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const answer = await this.#request(`${this.url}${path}`, {
      ...(this.#dispatcher && { dispatcher: this.#dispatcher }),
      method,
      query: Object.fromEntries(given),
      headers: {
        ...this.#headers,
        accept,
        ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headersTimeout: ANSWER_TIMEOUT,
    }).then(
      async ({ statusCode, body }) => ({ status: statusCode, text: await body.text() }),
      (error: unknown) => {
        throw unreachable(error, this.#access);
      },
    );
    if (answer.status >= 400) throw refused(answer.status, answer.text, this.#access);
    return answer.text;
  }

  /** The same, as JSON. */
  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return JSON.parse(await this.text(path, options)) as T;
  }
}
