import type { Problems } from "../base/errors.ts";
import { nameOf } from "../base/named.ts";
import { dataKey, dnsLabel, innerPath, mountPath, objectName, quantity, rule } from "../base/rules/index.ts";

import { type Mount, type Mounting, SHARED, volumeName, writableOf } from "./volumes.ts";

const KINDS = ["configMap", "secret", "claim", "template", "shared"] as const;

/** A path that a volume's name can be made of. */
const namedPath = rule<string>("must have a letter or a digit", (path) => volumeName("", path) !== "");

/** Name of a shared directory, which becomes a volume's. */
const sharedName = rule<string>(
  "must be a DNS label of at most 56 characters",
  (text) => dnsLabel.test(`${SHARED}${text}`) && dnsLabel.test(text),
);

/**
 * Records what is wrong with what a container mounts.
 * @param templates names of the claims a StatefulSet makes, which are volumes already
 */
export function checkVolumes(
  { writable = [], mounts = {} }: Mounting,
  templates: readonly string[],
  problems: Problems,
): void {
  const taken = new Set<string>();
  const checkPath = (key: string, path: string): void => {
    problems.check(key, path, mountPath);
    if (mountPath.test(path)) problems.check(key, path, namedPath);
    const plain = path.replace(/\/+$/, "");
    problems.unless(!taken.has(plain), key, path, "is mounted already");
    taken.add(plain);
  };
  for (const { path, sizeLimit } of writable.map(writableOf)) {
    checkPath("writable", path);
    problems.check(`writable ${path}`, sizeLimit, quantity);
  }
  for (const [path, mount] of Object.entries(mounts)) {
    checkPath(`mounts.${path}`, path);
    checkMount(mount, templates, problems.at("mounts", path));
  }
}

function checkMount(mount: Mount, templates: readonly string[], problems: Problems): void {
  const { configMap, secret, claim, template, shared, items, subPath } = mount;
  const given = KINDS.filter((kind) => mount[kind] !== undefined);
  problems.unless(given.length === 1, "", given, `must have exactly one of ${KINDS.join(", ")}`);
  problems.check("configMap", configMap && nameOf(configMap), objectName);
  problems.check("secret", secret && nameOf(secret), objectName);
  problems.check("claim", claim && nameOf(claim), objectName);
  problems.check("shared", shared, sharedName);
  problems.check("subPath", subPath, innerPath);
  const known = `must be one of the claims: ${templates.join(", ") || "none"}`;
  problems.unless(template === undefined || templates.includes(template), "template", template, known);
  for (const [key, path] of Object.entries(items ?? {})) {
    problems.at("items").checkName(key, dataKey);
    problems.at("items").check(key, path, innerPath);
  }
  if (configMap !== undefined || secret !== undefined) return;
  for (const key of ["items", "optional"] as const) {
    problems.unless(mount[key] === undefined, key, mount[key], "is for a configMap or secret");
  }
}
