/** Keys of Traefik that people still write, or look for, in lower case, and what is called so today. */
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

/** Today's name of a key that is given by an old one. */
export const renamed = (key: string): string | undefined => RENAMED[key.toLowerCase()];
