import { hasControls, rule } from "./rule.ts";

/** Whether a text is an absolute URL of one of these schemes, with a host and without spaces. */
function isUrl(text: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(text) || hasControls(text) || text.includes(" ")) return false;
  const { protocol, hostname } = new URL(text);
  return schemes.includes(protocol) && hostname !== "" && /^[a-z0-9+]+:\/\/[^/]/i.test(text);
}

/** An absolute URL of the web. Source: {@link https://url.spec.whatwg.org/}. */
export const webUrl = rule<string>("must be a URL with http or https", (text) =>
  isUrl(text, ["http:", "https:"]),
);

/** Where Helm finds charts. Source: {@link https://helm.sh/docs/topics/registries/}. */
export const chartUrl = rule<string>("must be a URL with http, https or oci", (text) =>
  isUrl(text, ["http:", "https:", "oci:"]),
);

/**
 * A version of a chart, exactly one: a range would change the stack without a change of it.
 * Source: {@link https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions}.
 */
export const version = rule<string>('must be a version, as "1.2.3"', (text) =>
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/.test(
    text,
  ),
);

/** An address of mail. Source: {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1}. */
export const email = rule<string>("must be an address, as ann@example.org", (text) =>
  /^[^\s@,"#]+@[^\s@,"]+$/.test(text),
);
