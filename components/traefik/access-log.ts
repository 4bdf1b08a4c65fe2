import type { Problems } from "../base/errors.ts";
import { duration, headerName, statusRange } from "../base/rules/index.ts";
import type { Values } from "../base/values.ts";

/** Which requests are logged, and what of them. */
export interface AccessLogConfig {
  /**
   * A line of Apache's kind, or a JSON object with every field there is.
   * @default "common"
   */
  readonly format?: "common" | "json" | undefined;
  /** Answers that are logged, codes or ranges: `["404", "500-599"]`. @default all */
  readonly statusCodes?: readonly string[] | undefined;
  /**
   * Requests that are logged because they took longer, whatever {@link statusCodes} says. Seconds, or a duration: `500ms`.
   * @default none
   */
  readonly minDuration?: number | string | undefined;
  /**
   * Headers that are logged: `["User-Agent"]`. Rejected are those that carry passwords and sessions, and in the format
   * `common` all but `Referer` and `User-Agent`, which it has no room for.
   * @default none
   */
  readonly headers?: readonly string[] | undefined;
  /**
   * Whether paths are logged with their query, in which some apps are handed tokens.
   * @default true
   */
  readonly query?: boolean | undefined;
}

/** The short forms: whether there is a log, or its format. */
export type AccessLog = boolean | "common" | "json" | AccessLogConfig;

const detailsOf = (log: AccessLog): AccessLogConfig =>
  typeof log === "object" ? log : typeof log === "string" ? { format: log } : {};

/** The chart's `accessLog`. */
export function accessLog(log: AccessLog): Values {
  if (log === false) return { enabled: false };
  const { format, statusCodes, minDuration, headers, query } = detailsOf(log);
  return {
    enabled: true,
    format,
    filters: {
      statusCodes: statusCodes?.join(","),
      minDuration: typeof minDuration === "number" ? `${minDuration}s` : minDuration,
    },
    fields: {
      headers: {
        defaultMode: "drop",
        names: headers && Object.fromEntries(headers.map((name) => [name, "keep"])),
      },
      queryParameters: { defaultMode: query === false ? "drop" : undefined },
    },
  };
}

const SECRET = ["authorization", "cookie", "proxy-authorization", "set-cookie"];

const COMMON = ["referer", "user-agent"];

/** Records what Traefik refuses, and what would write secrets into the log. */
export function checkAccessLog(log: AccessLog, problems: Problems): void {
  const { format, statusCodes = [], minDuration, headers = [] } = detailsOf(log);
  problems.checkEach("statusCodes", statusCodes, statusRange);
  problems.check("minDuration", minDuration, duration);
  problems.checkEach("headers", headers, headerName);
  for (const [index, header] of headers.entries()) {
    const at = `headers[${index}]`;
    const name = header.toLowerCase();
    problems.unless(!SECRET.includes(name), at, header, "would write passwords or sessions into the log");
    problems.unless(
      format === "json" || COMMON.includes(name) || SECRET.includes(name),
      at,
      header,
      'has no place in the format "common", only Referer and User-Agent have: use "json"',
    );
  }
}
