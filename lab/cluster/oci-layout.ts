import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { run } from "../base/run.ts";

/** An image of one layer. */
export interface ImageSpec {
  /** Full names that the image gets, as `registry/path:tag`. */
  readonly names: readonly string[];
  /** A directory that becomes the image's file system. */
  readonly root: string;
  readonly entrypoint?: readonly string[];
  /** Number of the user that it runs as, where a pod names none. @default root */
  readonly user?: number;
  readonly path?: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The annotation by which containerd names what it imports. */
const NAME = "io.containerd.image.name";

const type = (name: string): string => `application/vnd.oci.image.${name}`;

/** Writes an OCI image layout (a directory) with the given images; it is there as a whole or not at all. */
export async function writeOciLayout(directory: string, images: readonly ImageSpec[]): Promise<void> {
  const draft = `${directory}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, "blobs", "sha256"), { recursive: true });
  const manifests = await Promise.all(images.map((image) => writeImage(draft, image)));
  await writeFile(join(draft, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const index = { schemaVersion: 2, mediaType: type("index.v1+json"), manifests: manifests.flat() };
  await writeFile(join(draft, "index.json"), JSON.stringify(index));
  await rm(directory, { recursive: true, force: true });
  await rename(draft, directory);
}

/** Digest of the manifest that an image of a layout has. */
export async function digestIn(directory: string, name: string): Promise<string | undefined> {
  const { manifests } = JSON.parse(await readFile(join(directory, "index.json"), "utf8")) as {
    readonly manifests: readonly Descriptor[];
  };
  return manifests.find(({ annotations }) => annotations?.[NAME] === name)?.digest;
}

async function writeImage(layout: string, image: ImageSpec): Promise<Descriptor[]> {
  const layer = await writeLayer(layout, image.root);
  const config = await writeJson(layout, type("config.v1+json"), {
    architecture: goArchitecture(process.arch),
    os: "linux",
    config: {
      Env: [`PATH=${image.path ?? "/usr/local/bin:/usr/sbin:/usr/bin"}`],
      ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
      ...(image.user === undefined ? {} : { User: String(image.user) }),
    },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const manifestType = type("manifest.v1+json");
  const manifest = await writeJson(layout, manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config,
    layers: [layer],
  });
  return image.names.map((name) => ({ ...manifest, annotations: { [NAME]: name } }));
}

/** Go's name of a processor architecture, which is what images carry. */
export function goArchitecture(nodeName: string): string {
  return { x64: "amd64", ia32: "386" }[nodeName] ?? nodeName;
}

/** Packs a directory as a layer; the same files give the same layer. */
async function writeLayer(layout: string, root: string): Promise<Descriptor> {
  const draft = join(layout, `${createHash("sha256").update(root).digest("hex")}.tar`);
  const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await run("tar", [...reproducible, "--create", `--file=${draft}`, `--directory=${root}`, "."], {
    log: "cluster",
  });
  const digest = `sha256:${await sha256OfFile(draft)}`;
  const { size } = await stat(draft);
  await rename(draft, blob(layout, digest));
  return { mediaType: type("layer.v1.tar"), digest, size };
}

async function writeJson(layout: string, mediaType: string, content: object): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  await writeFile(blob(layout, digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

const blob = (layout: string, digest: string): string => join(layout, "blobs", ...digest.split(":"));

/** The SHA-256 of a file's content, in hexadecimal. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
