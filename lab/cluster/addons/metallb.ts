import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { moduleDirectory, moduleDirectoryPath } from "../manifests.ts";

const version = "v0.15.2";

const chart = { module: "go.universe.tf/metallb", version, path: "charts/metallb" };

const programs = ["controller", "speaker"] as const;

const imageOf = (name: string): string => `quay.io/metallb/${name}:${version}`;

/** Names of its images, as its chart has them. */
export const metallbImages: readonly string[] = programs.map(imageOf);

/** Directory of MetalLB's own Helm chart, once {@link provideMetallb} has run. */
export const metallbChart: string = moduleDirectoryPath(chart);

/**
 * Gives the node MetalLB's images, and stacks its chart. Installing it, and saying which addresses it has to give, is a
 * stack's: see examples/load-balancer.
 *
 * @param program finds the binaries `controller` and `speaker`
 */
export async function provideMetallb(program: ProgramFile): Promise<void> {
  for (const name of programs) await importBinaryImage(imageOf(name), program(name));
  await moduleDirectory(chart);
}
