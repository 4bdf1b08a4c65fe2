import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import type { Recorded } from "../mocks.ts";
import { run } from "./stack.ts";

/**
 * A stack with everything, and what the program made of it while each object had a component of its own around it and each app its
 * certificate: resources as `parent's type$type::name`.
 */
const before = JSON.parse(readFileSync(join(import.meta.dirname, "moved.json"), "utf8")) as {
  readonly config: Record<string, unknown>;
  readonly resources: readonly string[];
};

/** The type in a URN, without those of its parents. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const identity = (parent: string, type: string, name: string): string =>
  `${parent === "" ? "" : `${typeOf(parent)}$`}${type}::${name}`;

/** What a resource may have been before: by its own aliases, and below a renamed parent by the parent's. */
function identities(resource: Recorded, all: readonly Recorded[]): string[] {
  const { parent, type, name, aliases } = resource;
  const above = all.find(
    (other) => identity(other.parent, other.type, other.name) === parent.split("::").slice(2).join("::"),
  );
  const renamed = (above?.aliases ?? []).flatMap((alias) =>
    above !== undefined && alias.name !== undefined && name.startsWith(above.name)
      ? [identity(parent, type, name.replace(above.name, alias.name))]
      : [],
  );
  return [
    identity(parent, type, name),
    ...aliases.map((alias) => identity(alias.parent ?? parent, alias.type ?? type, alias.name ?? name)),
    ...renamed,
  ];
}

it("finds every object of a stack from before, but for what its apps share now", async () => {
  const { resources } = await run("dev", before.config);
  const found = new Map(resources.flatMap((one) => identities(one, resources).map((id) => [id, one])));
  const gone = before.resources.filter((id) => !found.has(id));
  const certificate = [
    "slipway:tls:Certificate$kubernetes:core/v1:Secret::second-tls",
    "slipway:tls:Certificate$tls:index/certRequest:CertRequest::second-tls-request",
    "slipway:tls:Certificate$tls:index/locallySignedCert:LocallySignedCert::second-tls-certificate",
    "slipway:tls:Certificate$tls:index/privateKey:PrivateKey::second-tls-key",
  ];
  const middlewares = ["first-strip-first", "nginx-redirect", "second-strip-second"].map(
    (name) => `slipway:route:Middleware$kubernetes:traefik.io/v1alpha1:Middleware::${name}-middleware`,
  );
  expect(gone).toEqual([...middlewares, ...certificate].sort());

  const old = new Set(before.resources);
  const made = resources.filter((one) => !identities(one, resources).some((id) => old.has(id)));
  const objects = made.filter(({ type }) => !type.startsWith("slipway:")).map(({ name }) => name);
  const own = ["redirect-31971", "strip-first", "strip-second"];
  // When certificates end is a ConfigMap of the portal's, as no pod is to be replaced for it.
  expect(objects.sort()).toEqual([
    "page-certificates",
    ...own.map((name) => `slipway-test-${name}-middleware`),
  ]);
});
