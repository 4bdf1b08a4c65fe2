import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

import protobuf from "protobufjs";

import { lab } from "../../../lab/cluster/addresses.ts";

/** What is read here of what is sent. Source: opentelemetry/proto/trace/v1/trace.proto. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated Attribute attributes = 1; }
  message Attribute { string key = 1; Value value = 2; }
  message Value { string string_value = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; }
`);
const Request = root.lookupType("Request");

interface Decoded {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes: readonly { key: string; value?: { stringValue?: string } }[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly Record<"traceId" | "spanId" | "parentSpanId", Buffer>[];
    }[];
  }[];
}

/** A part of a trace, as its program told it. */
export interface Span {
  /** The program: `service.name`. */
  readonly service: string;
  readonly trace: string;
  readonly id: string;
  /** Empty for a trace's first. */
  readonly parent: string;
}

/** A collector that takes traces by OTLP over http, on this machine's end of the lab's link, where pods reach it. */
export class TraceCollector {
  readonly endpoint: string;
  readonly spans: Span[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://${lab.hostAddress}:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      void this.#take(request).then(() => response.writeHead(200).end());
    });
  }

  static async start(): Promise<TraceCollector> {
    const server = createServer().listen(0, lab.hostAddress);
    await once(server, "listening");
    return new TraceCollector(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage): Promise<void> {
    const body = await buffer(request);
    if (request.url !== "/v1/traces") return;
    const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const { resourceSpans } = Request.toObject(Request.decode(plain), { arrays: true }) as Decoded;
    for (const { resource, scopeSpans } of resourceSpans) {
      const named = resource?.attributes.find(({ key }) => key === "service.name");
      const service = named?.value?.stringValue ?? "";
      for (const { traceId, spanId, parentSpanId } of scopeSpans.flatMap(({ spans }) => spans)) {
        const parent = (parentSpanId as Buffer | undefined)?.toString("hex") ?? "";
        this.spans.push({ service, trace: traceId.toString("hex"), id: spanId.toString("hex"), parent });
      }
    }
  }
}
