import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { inTemporary } from "../../../cli/base/temporary.ts";
import { Progress } from "../../../lab/base/progress.ts";
import { readRegistry } from "../../../lab/cluster/index.ts";
import {
  pushAppImages,
  pushMetallbImages,
  type PushOptions,
  pushTraefikImage,
} from "../../../lab/images/index.ts";

/** The lab's registry, as an example is told of it. */
export interface FilledRegistry {
  /** Prefix of the images there: `198.18.77.2:5000/team`. */
  readonly prefix: string;
  readonly username: string;
  readonly password: string;
}

/** Pushes the apps' images, and Traefik's as the lab made it, to the lab's registry, which wants a password. */
export const fillRegistry = (): Promise<FilledRegistry> =>
  filled(async (prefix, options) => {
    await pushAppImages(new Progress(), prefix, options);
    await pushTraefikImage(prefix, options);
  });

/** The same with the images of MetalLB. */
export const fillWithMetallb = (): Promise<FilledRegistry> => filled(pushMetallbImages);

async function filled(
  push: (prefix: string, options: PushOptions) => Promise<void>,
): Promise<FilledRegistry> {
  const { address, username, password } = await readRegistry();
  const prefix = `${address}/team`;
  await inTemporary(async (directory) => {
    const authFile = join(directory, "auth.json");
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    await writeFile(authFile, JSON.stringify({ auths: { [address]: { auth } } }), { mode: 0o600 });
    await push(prefix, { authFile, verifyTls: false });
  });
  return { prefix, username, password };
}
