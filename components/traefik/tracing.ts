import type { Problems } from "../base/errors.ts";
import { all, rule, webUrl } from "../base/rules/index.ts";
import type { TracingConfig } from "./args.ts";

/** Where traces go at a collector. Source: {@link https://opentelemetry.io/docs/specs/otlp/#otlphttp-request}. */
export const tracesUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, "")}/v1/traces`;

const collector = all(
  webUrl,
  rule<string>(
    "must be without the path /v1/traces, query and fragment",
    (text) => !/\/v1\/|[?#]/.test(text),
  ),
);

const sampleRate = rule<number>("must be from 0 to 1", (share) => share >= 0 && share <= 1);

/** Records what is wrong with where traces go. */
export function checkTracing(tracing: TracingConfig, problems: Problems): void {
  problems.check("endpoint", tracing.endpoint, collector);
  problems.check("sampleRate", tracing.sampleRate, sampleRate);
}
