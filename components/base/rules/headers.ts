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
 * Codes of answers, one or a range, and several joined by commas.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-15}, and Traefik's `types.HTTPCodeRanges`.
 */
export const statusRange = rule<string>('must be a code or a range: "404" or "500-599"', (text) =>
  text.split(",").every((part) => {
    const [, from = "", to = from] = /^([1-5]\d{2})(?:-([1-5]\d{2}))?$/.exec(part) ?? [];
    return from !== "" && from <= to;
  }),
);
