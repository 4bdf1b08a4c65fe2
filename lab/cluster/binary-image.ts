import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { cacheDir } from "../base/paths.ts";
import { place } from "./control-plane-images.ts";
import { hasImage, importLayout } from "./images.ts";
import { digestIn, sha256OfFile, writeOciLayout } from "./oci-layout.ts";

/** Where the file of a program is that was built. */
export type ProgramFile = (name: string) => string;

/**
 * Gives the nodes an image that holds one static program, which it starts; pods that are started from then on have it.
 *
 * @param name the reference that manifests use, as `quay.io/metallb/speaker:v0.15.2`
 * @param binary absolute path; the program is `/<its name>` in the image
 * @param options `args` that it is started with, before those of a pod; `user` that it runs as where a pod names none, root by default
 */
export async function importBinaryImage(
  name: string,
  binary: string,
  { args = [], user }: { readonly args?: readonly string[]; readonly user?: number } = {},
): Promise<void> {
  const key = (await sha256OfFile(binary)).slice(0, 16);
  const layout = cacheDir(
    "images",
    [basename(binary), ...args, ...(user === undefined ? [] : [user]), key].join("-"),
  );
  if (!existsSync(layout)) {
    await mkdir(dirname(layout), { recursive: true });
    const work = await mkdtemp(`${layout}.`);
    try {
      const root = join(work, "root");
      await place(binary, join(root, basename(binary)));
      const entrypoint = [`/${basename(binary)}`, ...args];
      await writeOciLayout(layout, [
        { names: [name], root, entrypoint, ...(user !== undefined && { user }) },
      ]);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  // Of one name there may be an image of an earlier build.
  if (!(await hasImage(name, await digestIn(layout, name)))) await importLayout(layout);
}
