import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { cacheDir } from "../base/paths.ts";
import { run } from "../base/run.ts";
import { buildah, captureBuildah, imageExists } from "./buildah.ts";

/** What the apps' public base images have and their Dockerfiles use. */
const packages = ["nginx", "libnginx-mod-stream", "python3-venv"];

const unused = ["doc", "info", "locale", "man"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);

const debootstrap = [
  // No apt: nothing is installed later.
  "--variant=essential",
  `--include=${packages.join(",")}`,
  ...unused,
  "bookworm",
];

/** One Debian root for every app: no registry is needed for it, only Debian's archive. */
export const baseImage = `localhost/slipway-base:${createHash("sha256").update(debootstrap.join("\n")).digest("hex").slice(0, 12)}`;

/** Makes {@link baseImage} unless it is there. */
export async function ensureBase(): Promise<void> {
  if (await imageExists(baseImage)) return;
  const work = await mkdtemp(join(cacheDir(), "base-"));
  try {
    const root = join(work, "root.tar");
    await run("unshare", ["--mount", "--propagation=private", "mmdebstrap", ...debootstrap, root], {
      log: "images",
      advice: "The lab makes its base image from Debian's package archive: can `apt-get update` reach it?",
    });
    const container = await captureBuildah(["from", "scratch"]);
    await buildah(["add", "--quiet", container, root, "/"]);
    await buildah(["commit", "--quiet", "--rm", container, baseImage]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
