import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { cacheDir } from "../base/paths.ts";
import { capture } from "../base/run.ts";
import { sha256OfFile, writeOciLayout } from "./oci-layout.ts";

/** A name that no registry serves: these images exist here only. */
export const imageRepository = "localhost/slipway-lab";

export const sandboxImage = `${imageRepository}/pause:lab`;

/** What kubeadm's manifests call; each is the one multi-call binary under another name. */
const programs = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];

export interface ControlPlaneImages {
  /** OCI image layout with all of them. */
  readonly layout: string;
  /** Changes when any file in the images does. */
  readonly key: string;
  /** Tag of kubeadm's images, as `v1.36.4`. */
  readonly version: string;
  readonly coredns: string;
}

/** Counted up when the images are put together in another way. */
const recipe = "2";

/** Keeps a process waiting and collects orphans; Debian's static one serves as the pods' sandbox. */
const pauseBinary = "/usr/bin/catatonit";
/** kube-proxy writes its rules by it. */
const nftBinary = "/usr/sbin/nft";
/**
 * Names of protocols, as in /etc/protocols. Without them nft lists rules by number: kube-proxy, which reads all of its rules
 * again every hour, takes those for somebody else's and deletes them.
 */
const protocols = "tcp 6 TCP\nudp 17 UDP\nsctp 132 SCTP\n";

/**
 * Makes the images of the control plane, kept in the cache until a binary changes.
 *
 * @param bin directory of the binaries `kubernetes` and `coredns`
 */
export async function controlPlaneImages(bin: string): Promise<ControlPlaneImages> {
  const kubernetes = join(bin, "kubernetes");
  const coredns = join(bin, "coredns");
  const nft = [nftBinary, ...librariesOf(await capture("ldd", [nftBinary]))];
  const [version, corednsVersion, ...hashes] = await Promise.all([
    // The binary answers to the name it is called by.
    capture("bash", ["-c", 'exec -a kubeadm "$0" version --output=short', kubernetes]),
    capture(coredns, ["-version"]),
    ...[kubernetes, coredns, pauseBinary, ...nft].map(sha256OfFile),
  ]);
  const key = createHash("sha256")
    .update([recipe, ...hashes].join())
    .digest("hex")
    .slice(0, 16);
  const images = {
    layout: cacheDir("images", `control-plane-${key}`),
    key,
    version,
    coredns: `${imageRepository}/coredns:${/CoreDNS-(\S+)/.exec(corednsVersion)?.[1] ?? "lab"}`,
  };
  if (!existsSync(images.layout)) await build(images, kubernetes, coredns, nft);
  return images;
}

async function build(
  { layout, version, coredns }: ControlPlaneImages,
  kubernetesBinary: string,
  corednsBinary: string,
  nft: readonly string[],
): Promise<void> {
  await removeOlder(layout);
  await mkdir(dirname(layout), { recursive: true });
  const work = await mkdtemp(`${layout}.`);
  try {
    const kubernetesRoot = join(work, "kubernetes");
    await place(kubernetesBinary, join(kubernetesRoot, "usr/local/bin/kubernetes"));
    for (const name of programs) await symlink("kubernetes", join(kubernetesRoot, "usr/local/bin", name));
    for (const file of nft) await place(file, join(kubernetesRoot, file));
    await mkdir(join(kubernetesRoot, "tmp"));
    await mkdir(join(kubernetesRoot, "etc"));
    await writeFile(join(kubernetesRoot, "etc/protocols"), protocols);
    await place(corednsBinary, join(work, "coredns/coredns"));
    await place(pauseBinary, join(work, "pause/catatonit"));
    await writeOciLayout(layout, [
      { names: programs.map((name) => `${imageRepository}/${name}:${version}`), root: kubernetesRoot },
      { names: [coredns], root: join(work, "coredns"), entrypoint: ["/coredns"] },
      { names: [sandboxImage], root: join(work, "pause"), entrypoint: ["/catatonit", "-P"] },
    ]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Images of other binaries, and what an interrupted build left: 200 MB each that nobody asks for again. */
async function removeOlder(layout: string): Promise<void> {
  const directory = dirname(layout);
  if (!existsSync(directory)) return;
  const older = (await readdir(directory)).filter((name) => name.startsWith("control-plane-"));
  for (const name of older) await rm(join(directory, name), { recursive: true, force: true });
}

/** Hard link where that is possible: the binaries are large. */
export async function place(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // A hard link to a symbolic link would be one more symbolic link.
  const real = await realpath(file);
  await link(real, target).catch(() => copyFile(real, target));
}

/** The files that `ldd` lists. */
export function librariesOf(ldd: string): string[] {
  return [...ldd.matchAll(/(?:^|=>)\s*(\/\S+)/gm)].flatMap(([, file]) => (file === undefined ? [] : [file]));
}
