/** What people still write, and what it is called today. */
const YESTERDAY: Readonly<Record<string, string>> = {
  ipwhitelist: "ipAllowList",
  whitelist: "ipAllowList",
  whitelistsourcerange: "ipAllowList",
  ipwhitelisttcp: "ipAllowList",
  redirect: "redirectScheme",
  redirectregexp: "redirectRegex",
  ingressclassname: "kind",
  maxconn: "inFlightReq",
  frontends: "apps",
  backends: "apps",
  entrypoints: "web and websecure",
};

/** Today's name of a key, where its own is yesterday's. */
export const today = (key: string): string | undefined => YESTERDAY[key.toLowerCase()];

/** The one of `known` that `word` was probably meant to be; `undefined` where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(lower, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
