/** Old names of Traefik's keys, in lower case, and what Slipway calls them. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["ipwhitelist", "ipAllowList"],
  ["whitelist", "ipAllowList"],
  ["whitelistsourcerange", "ipAllowList"],
  ["ipwhitelisttcp", "ipAllowList"],
  ["errorpage", "errors"],
  ["errorpages", "errors"],
  ["redirect", "redirectScheme"],
  ["redirectregexp", "redirectRegex"],
  ["ingressclassname", "kind"],
  ["maxconn", "inFlightReq"],
  ["frontends", "apps"],
  ["backends", "apps"],
  ["entrypoints", "web and websecure"],
]);

/** Slipway's name of a key that is given by an old one. */
export const renamed = (key: string): string | undefined => RENAMED.get(key.toLowerCase());
