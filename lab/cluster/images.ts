import { capture, run } from "../base/run.ts";
import { quote } from "./daemon.ts";
import { containerdSocket, type LabNode, node } from "./layout.ts";
import { insideNode, runOnNode } from "./node.ts";
import { nodesThere } from "./nodes.ts";

const ctr = ["--address", containerdSocket, "--namespace", "k8s.io"] as const;

/**
 * Imports the images of an OCI image layout, which is a directory.
 *
 * @param nodes @default all
 */
export async function importLayout(layout: string, nodes: readonly LabNode[] = nodesThere()): Promise<void> {
  const script = `tar --create --directory="$1" . | { shift; exec "$@"; }`;
  for (const of of nodes) {
    const words = [...insideNode(of), "ctr", ...ctr, "images", "import", "-"];
    await run("sh", ["-c", script, "import", layout, "nsenter", ...words], { log: "cluster" });
  }
}

/**
 * Imports an image archive, as `docker save` or `buildah push … oci-archive:` write it, to every node.
 *
 * @param archive absolute path
 */
export async function importImage(archive: string): Promise<void> {
  for (const of of nodesThere()) await runOnNode(of, "ctr", [...ctr, "images", "import", archive]);
}

/**
 * Writes an image of the first node to an OCI archive.
 *
 * @param archive absolute path
 */
export async function exportImage(name: string, archive: string): Promise<void> {
  await runOnNode(node, "ctr", [...ctr, "images", "export", archive, name]);
}

/** Gives an image that every node has a further name, in full. */
export async function nameImage(image: string, name: string): Promise<void> {
  for (const of of nodesThere())
    await runOnNode(of, "ctr", [...ctr, "images", "tag", "--force", image, name]);
}

/** Gives a node the images that the first one has whole and it has not: of those that were pulled, only what runs is kept. */
export async function copyImages(to: LabNode): Promise<void> {
  const there = await listImages(to);
  const check = [...insideNode(node), "ctr", ...ctr, "images", "check", "--quiet"];
  const whole = (await capture("nsenter", check)).split("\n");
  const missing = [...(await listImages(node))].filter(
    ([name, digest]) => whole.includes(name) && there.get(name) !== digest,
  );
  // What has a digest for its name comes with its image.
  const names = missing.map(([name]) => name).filter((name) => !name.startsWith("sha256:"));
  if (names.length === 0) return;
  const on = (of: LabNode, ...args: string[]): string =>
    ["nsenter", ...insideNode(of), "ctr", ...ctr, "images", ...args].map(quote).join(" ");
  const script = `set -o pipefail\n${on(node, "export", "-", ...names)} | ${on(to, "import", "-")}`;
  await run("bash", ["-c", script], { log: "cluster" });
}

/** The full names of the images on a node, with their manifests' digests. */
export async function listImages(of: LabNode = node): Promise<ReadonlyMap<string, string>> {
  return readImages(await capture("nsenter", [...insideNode(of), "ctr", ...ctr, "images", "list"]));
}

/** Reads what `ctr images list` prints: a heading, then a name, a media type, a digest and more. */
export function readImages(list: string): ReadonlyMap<string, string> {
  const rows = list.split("\n").slice(1);
  return new Map(rows.map((row) => row.split(/\s+/)).map(([name = "", , digest = ""]) => [name, digest]));
}

/**
 * Whether every node has an image, by its manifest's digest where that is given.
 *
 * @param name as in a pod: `slipway-api:1a2b` is `docker.io/library/slipway-api:1a2b`
 */
export async function hasImage(name: string, digest?: string): Promise<boolean> {
  const full = fullImageName(name);
  const lists = await Promise.all(nodesThere().map((of) => listImages(of)));
  return lists.every((images) => (digest === undefined ? images.has(full) : images.get(full) === digest));
}

/** Docker's rule for short names: the first part is a registry if it looks like a host. */
export function fullImageName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? name : `docker.io/${rest.length > 0 ? "" : "library/"}${name}`;
  return /[:@][^/]*$/.test(path) ? path : `${path}:latest`;
}
