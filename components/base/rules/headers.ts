import { STATUS_CODES } from "node:http";

import { hasControls, rule } from "./rule.ts";

/**
 * Name of an HTTP header, a token.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.1}.
 */
export const headerName = rule<string>('must be a header\'s name, as "User-Agent"', (text) =>
  /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text),
);

/**
 * Value of an HTTP header: no line break or other control character but the tab.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.5}.
 */
export const headerValue = rule<string>(
  "must be a header's value, without line breaks and control characters",
  (text) => !hasControls(text.replaceAll("\t", "")),
);

/**
 * An HTTP method, a token; those in use are in capitals, and so compared.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-9.1}.
 */
export const method = rule<string>('must be an HTTP method in capitals, as "GET"', (text) =>
  /^[A-Z]+(-[A-Z]+)*$/.test(text),
);

/**
 * Codes of answers, one or a range.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-15}, and Traefik's `types.NewHTTPCodeRanges`.
 */
export const statusRange = rule<string>('must be a code or a range: "404" or "500-599"', (text) => {
  const [, from = "", to = from] = /^([1-5]\d{2})(?:-([1-5]\d{2}))?$/.exec(text) ?? [];
  return from !== "" && from <= to;
});

/**
 * Code of an answer that Traefik gives by itself. One below 200 announces another answer, and one without a name is none of HTTP.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-15}, and Go's `http.StatusText`, which Traefik asks.
 */
export const answerCode = rule<number>(
  "must be a status code of HTTP from 200 to 511, as 403 or 503",
  (code) => code >= 200 && code !== 509 && STATUS_CODES[code] !== undefined,
);
