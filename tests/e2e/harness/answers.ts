import type { Answer } from "./client.ts";

/** Which app answered, by its `x-app-version`: `v1`; with any status but 200, `404 v1`; `404 nobody` is Traefik's own. */
export function answeredBy({ status, headers }: Answer): string {
  const app = headers["x-app-version"] ?? "nobody";
  return status === 200 ? app : `${status} ${app}`;
}

/** Headers of a request with a user's name and password. */
export function basicAuth(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/** The body of a good answer, without the last line's end: `v1` of nginx's `/version`. Else the status. */
export const said = ({ status, body }: Answer): string => (status === 200 ? body.trim() : String(status));
