import { readFile } from "node:fs/promises";

/** A part of a command's time, as `pulumi --otel-traces file://…` writes it. */
export interface Span {
  /** The process: `pulumi-cli`, `kubernetes`, `tls`. */
  readonly service: string;
  /** What it did: `pulumirpc.ResourceProvider/Create`. */
  readonly name: string;
  /** Seconds since the command began. */
  readonly start: number;
  readonly end: number;
}

/** What OpenTelemetry's exporter writes in a line, of which these are read. */
interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly {
        readonly key: string;
        readonly value: { readonly stringValue?: string };
      }[];
    };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
      }[];
    }[];
  }[];
}

/** Reads a trace, its parts in the order of their beginning. */
export async function readSpans(file: string): Promise<readonly Span[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
  const spans = lines
    .flatMap((line) => (JSON.parse(line) as Batch).resourceSpans)
    .flatMap(({ resource, scopeSpans }) => {
      const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
      return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ service, ...span })));
    });
  const begin = Math.min(...spans.map(({ startTimeUnixNano }) => Number(startTimeUnixNano)));
  const seconds = (nanoseconds: string): number => (Number(nanoseconds) - begin) / 1e9;
  return spans
    .map(({ service, name, startTimeUnixNano, endTimeUnixNano }) => ({
      service,
      name,
      start: seconds(startTimeUnixNano),
      end: seconds(endTimeUnixNano),
    }))
    .sort((a, b) => a.start - b.start);
}
