const USUAL_PORT = { http: 80, https: 443 } as const;

/**
 * A URL as clients type it.
 * @param port the port that clients reach; left out of the URL where it is the scheme's own, or not known
 */
export function urlOf(scheme: "http" | "https", host: string, port: number | undefined, path = "/"): string {
  const authority = port === undefined || port === USUAL_PORT[scheme] ? host : `${host}:${port}`;
  return `${scheme}://${authority}${path.replace(/\/+$/, "")}`;
}
