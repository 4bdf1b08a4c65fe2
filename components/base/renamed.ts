/** Old names of Traefik's keys, in lower case, and what Slipway calls them. */
const RENAMED: Readonly<Record<string, string>> = {
  ipwhitelist: "ipAllowList",
  whitelist: "ipAllowList",
  whitelistsourcerange: "ipAllowList",
  ipwhitelisttcp: "ipAllowList",
  errorpage: "errors",
  errorpages: "errors",
  redirect: "redirectScheme",
  redirectregexp: "redirectRegex",
  ingressclassname: "kind",
  maxconn: "inFlightReq",
  frontends: "apps",
  backends: "apps",
  entrypoints: "web and websecure",
};

/** Slipway's name of a key that is given by an old one. */
export const renamed = (key: string): string | undefined => RENAMED[key.toLowerCase()];
