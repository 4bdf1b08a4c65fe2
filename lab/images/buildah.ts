import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";

import { cacheDir } from "../base/paths.ts";
import { capture, run } from "../base/run.ts";

/** The lab's own image storage: the user's buildah and podman do not see it. */
const storage = cacheDir("containers");
/** Worthless after a restart of the machine, and has to be gone then. */
const runtime = "/run/slipway-images";

/** Where the certificates that this machine trusts appear during a build. */
const certificates = "/run/certificates.pem";

export interface BuildOptions {
  /** The build context, with a Dockerfile in it. */
  readonly directory: string;
  /** Full name of the image to make: `docker.io/library/slipway-nginx:1a2b`. */
  readonly reference: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** Builds an image without a container engine, and without a registry. */
export async function buildImage({ directory, reference, buildArgs = {} }: BuildOptions): Promise<void> {
  const bundle = trustedCertificates();
  const all = {
    // The index and the authorities that pip uses on this machine.
    ...(process.env["PIP_INDEX_URL"] === undefined ? {} : { PIP_INDEX_URL: process.env["PIP_INDEX_URL"] }),
    ...(bundle === undefined ? {} : { PIP_CERT: certificates }),
    ...buildArgs,
  };
  await buildah([
    "build",
    // Neither user namespaces nor a network of its own: works inside containers too.
    "--isolation=chroot",
    "--network=host",
    "--layers",
    "--pull-never",
    ...(bundle === undefined ? [] : [`--volume=${bundle}:${certificates}:ro`]),
    ...Object.entries(all).map(([name, value]) => `--build-arg=${name}=${value}`),
    `--tag=${reference}`,
    directory,
  ]);
}

/** Writes an image to an archive that `docker load`, `podman load` and `ctr images import` read. */
export async function saveImage(reference: string, archive: string): Promise<void> {
  await buildah(["push", reference, `docker-archive:${archive}:${reference}`]);
}

/** Takes an image back from its archive: a file that {@link saveImage} wrote, or one named with its format. */
export async function loadImage(archive: string): Promise<void> {
  await buildah(["pull", "--quiet", archive.includes(":") ? archive : `docker-archive:${archive}`]);
}

export interface PushOptions {
  /** File with the registry's credentials. @default that of `docker login` or `podman login` */
  readonly authFile?: string;
  /** @default true */
  readonly verifyTls?: boolean;
}

/** Pushes an image to a registry, under the name it has or under another. */
export async function pushImage(
  reference: string,
  destination = reference,
  { authFile, verifyTls = true }: PushOptions = {},
): Promise<void> {
  const login = authFile === undefined ? [] : [`--authfile=${authFile}`];
  const words = ["push", `--tls-verify=${String(verifyTls)}`, ...login, reference, `docker://${destination}`];
  await buildah(words, `If it asks for a login: buildah login ${destination.split("/")[0] ?? ""}`);
}

export async function imageExists(reference: string): Promise<boolean> {
  return (await listBuilt()).includes(reference);
}

/** Full names of all images in the storage. */
export async function listBuilt(): Promise<string[]> {
  const output = await captureBuildah(["images", "--format={{.Name}}:{{.Tag}}"]);
  return output.split("\n").filter(Boolean);
}

/** Runs buildah on the lab's storage, its output in the log `images`. */
export async function buildah(args: readonly string[], advice?: string): Promise<void> {
  await run("unshare", await words(args), { log: "images", ...(advice === undefined ? {} : { advice }) });
}

/** Like {@link buildah}, and returns the output. */
export async function captureBuildah(args: readonly string[]): Promise<string> {
  return capture("unshare", await words(args));
}

/** In a mount namespace of its own, so that no mount outlives the command, however it ends. */
async function words(args: readonly string[]): Promise<string[]> {
  driver ??= await storageDriver();
  return [...privately, "buildah", ...storageOptions(driver), ...args];
}

const privately = ["--mount", "--propagation=private"];

function storageOptions(name: string): string[] {
  return [`--root=${storage}`, `--runroot=${runtime}`, `--storage-driver=${name}`];
}

let driver: string | undefined;

/** overlay where the file system lets it, vfs (slower, and more of it) elsewhere, as inside most containers. */
async function storageDriver(): Promise<string> {
  await mkdir(storage, { recursive: true });
  try {
    await capture("unshare", [...privately, "buildah", ...storageOptions("overlay"), "info"]);
    return "overlay";
  } catch {
    return "vfs";
  }
}

function trustedCertificates(): string | undefined {
  const { PIP_CERT, SSL_CERT_FILE } = process.env;
  return [PIP_CERT, SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt"].find(
    (file) => file !== undefined && existsSync(file),
  );
}
