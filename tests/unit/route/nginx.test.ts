import { expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { checkNginx } from "../../../components/route/nginx.ts";
import { NGINX_ANNOTATIONS } from "../../../components/route/nginx-annotations.ts";

function complaints(nginx: Record<string, string>, annotations: Record<string, string> = {}): string[] {
  const problems = new Problems("route x");
  checkNginx(nginx, annotations, problems);
  return problems.found.map(({ key, allowed }) => `${key.replace(/^nginx\./, "")} ${allowed}`);
}

it("lets what Traefik honours pass, and other people's annotations", () => {
  expect(complaints({ "rewrite-target": "/$2", "whitelist-source-range": "10.0.0.0/8, 192.0.2.1" })).toEqual(
    [],
  );
  expect(
    complaints({ canary: "true", "canary-by-header": "version", "canary-by-header-value": "2" }),
  ).toEqual([]);
  expect(complaints({}, { "cert-manager.io/issuer": "x" })).toEqual([]);
});

it.each<[Record<string, string>, string]>([
  [{ satisfy: "any" }, "satisfy is not honoured by Traefik 3.7.11"],
  [{ "enable-modsecurity": "true" }, "enable-modsecurity is not honoured by Traefik 3.7.11"],
  [
    { "mirror-target": "http://x" },
    "mirror-target is not honoured by Traefik; use the mirroring of a TraefikService",
  ],
  [
    { "configuration-snippet": "x" },
    "configuration-snippet holds nginx configuration, which Traefik is not let to read here; use a middleware of an ingressRoute",
  ],
  [{ "use-regex": "yes" }, 'use-regex must be "true" or "false"'],
  [{ "limit-rps": "ten" }, "limit-rps must be a whole number"],
  [
    { "allowlist-source-range": "10.0.0.0/40" },
    "allowlist-source-range must be addresses or CIDRs, joined by commas",
  ],
  [
    { canary: "true", "canary-weight": "5", "canary-weight-total": "50" },
    "canary-weight-total must be at least 100: Traefik takes less for 100",
  ],
  [
    { canary: "true", "canary-weight": "101" },
    "canary-weight must be at most 100: Traefik takes more for all requests",
  ],
  [{ canary: "true" }, "canary needs one of canary-weight, canary-by-header, canary-by-cookie"],
  [{ "canary-weight": "10" }, 'canary must be "true" for the other canary annotations to count'],
  [
    { canary: "true", "canary-weight": "1", "canary-by-header-value": "2" },
    "canary-by-header-value needs canary-by-header",
  ],
])("refuses %o by name", (annotations, complaint) => {
  expect(complaints(annotations)).toEqual([complaint]);
});

it("names the key that was given, and takes an option and an annotation together", () => {
  const name = "nginx.ingress.kubernetes.io/canary-by-header";
  expect(complaints({ canary: "true" }, { [name]: "version" })).toEqual([]);
  expect(complaints({}, { [`${name}-value`]: "2" })).toEqual([
    `annotations.${name}-value needs canary-by-header`,
  ]);
});

it("does not list what Traefik reads and then leaves aside", () => {
  const names = Object.keys(NGINX_ANNOTATIONS);
  expect(names).toHaveLength(79);
  expect(names.filter((name) => /modsecurity|owasp|snippet|affinity-/.test(name))).toEqual([]);
});
