import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { runPulumi } from "../base/pulumi.ts";

/**
 * URL of the backend that a project's stacks are kept in: `file://~`, `s3://bucket`, `https://api.pulumi.com`. `undefined`
 * where nobody is signed in to one.
 */
export async function backendUrl(directory: string): Promise<string | undefined> {
  const { stdout, code } = await runPulumi(["whoami", "--verbose", "--json"], directory);
  return code === 0 ? (JSON.parse(stdout) as { readonly url?: string }).url : undefined;
}

/**
 * Directory of a backend that lies in one; `undefined` for all others.
 * @param directory that a relative path starts from: the one Pulumi is run in
 */
export function backendDirectory(url: string, directory: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const path = decodeURIComponent(url.slice("file://".length).split("?")[0] ?? "");
  const place = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(directory, path);
  return join(place, ".pulumi");
}
