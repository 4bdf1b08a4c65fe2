import { complaint, hasControls, rule } from "./rule.ts";

const isPlain = (text: string): boolean => !hasControls(text) && !/\s/.test(text);

/** Whether a path has a part that stands for another one: `.`, `..`, or nothing between two slashes. */
const isIndirect = (path: string): boolean => /(^|\/)\.{1,2}(\/|$)|\/\//.test(path);

/**
 * What is wrong with a URL's path. One with `..` or `//` is changed by clients and by Traefik before it is compared.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc3986#section-3.3}, and the API server's validation of an Ingress.
 */
function wrongUrlPath(path: string): string | undefined {
  if (!path.startsWith("/") || /[?#]/.test(path) || !isPlain(path))
    return 'must begin with "/" and have no space, "?" or "#"';
  if (isIndirect(path)) return 'must not have "//", "." or ".." between its slashes';
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return 'must have two digits of 0-9 and A-F after each "%"';
  return /%2f/i.test(path) ? 'must not have an encoded slash, "%2F"' : undefined;
}

/** An absolute path of a URL, `/api`. */
export const urlPath = complaint(wrongUrlPath);

/** An absolute path of a URL, perhaps with a query: `/healthz?full=1`. */
export const urlPathAndQuery = complaint<string>((text) => {
  const [path = "", ...query] = text.split("?");
  const wrong = wrongUrlPath(path);
  if (wrong !== undefined) return wrong;
  return !isPlain(query.join("?")) || query.join("?").includes("#")
    ? 'must have no space or "#" in its query'
    : undefined;
});

/** Why a path of a file system leads elsewhere than it says, or is refused by the API server. */
const wrongFile = (path: string): string | undefined =>
  path.includes(":") || hasControls(path) || isIndirect(path)
    ? 'must not have ":", nor "//", "." or ".." between its slashes'
    : undefined;

/**
 * An absolute path of a container's file system, other than the root.
 * Source: the API server's validation of `volumeMounts`.
 */
export const mountPath = complaint<string>((path) =>
  /^\/+$/.test(path) || !path.startsWith("/") ? "must be an absolute path, not / itself" : wrongFile(path),
);

/**
 * A path within a volume.
 * Source: the API server's validation of `subPath` and of the paths of `items`.
 */
export const innerPath = complaint<string>((path) =>
  path === "" || path.startsWith("/") || path.startsWith("..")
    ? 'must be a path inside the volume: relative, not beginning with ".."'
    : wrongFile(path),
);

/** What takes the place of a match, in a path or URL. */
export const replacementText = rule<string>("must not have spaces and control characters", isPlain);
