import { rule } from "./rule.ts";

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
  // eslint-disable-next-line no-control-regex
  (text) => !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text),
);

/**
 * An HTTP method, a token; those in use are in capitals, and so compared.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc9110#section-9.1}.
 */
export const method = rule<string>('must be an HTTP method in capitals, as "GET"', (text) =>
  /^[A-Z]+(-[A-Z]+)*$/.test(text),
);
