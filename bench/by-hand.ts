import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Manifest, StackObjects } from "./objects.ts";

const RELEASE = "bench";

/** A stack's objects as files, deployed as one would without Pulumi: by helm and kubectl. */
export class ByHand {
  readonly #directory: string;
  readonly #objects: StackObjects;

  private constructor(directory: string, objects: StackObjects) {
    this.#directory = directory;
    this.#objects = objects;
  }

  /** Writes the files: a chart of what the stack has by its chart, and manifests of the rest. */
  static async write(objects: StackObjects): Promise<ByHand> {
    // Readable by its owner only, as it holds the stack's keys.
    const directory = await mkdtemp(join(tmpdir(), "slipway-bench-"));
    const templates = join(directory, "chart", "templates");
    await mkdir(templates, { recursive: true });
    await writeFile(join(directory, "chart", "Chart.yaml"), "apiVersion: v2\nname: bench\nversion: 0.0.0\n");
    await writeFile(join(templates, "objects.yaml"), documents(objects.chart));
    await writeFile(join(directory, "namespaces.yaml"), documents(objects.others.filter(isNamespace)));
    await writeFile(
      join(directory, "others.yaml"),
      documents(objects.others.filter((one) => !isNamespace(one))),
    );
    return new ByHand(directory, objects);
  }

  /** `kubectl apply`, `helm install --wait`, and waiting for the pods. Traefik is ready once it has read the routes. */
  async up(): Promise<void> {
    await this.#run("kubectl", "apply", "--filename", "namespaces.yaml");
    await this.#run("kubectl", "apply", "--filename", "others.yaml");
    await this.#run("helm", "install", RELEASE, "chart", "--namespace", this.#namespace, "--wait");
    const deployments = this.#objects.others.filter(({ kind }) => kind === "Deployment");
    for (const namespace of new Set(deployments.map(({ metadata }) => metadata.namespace ?? "")))
      await this.#run("kubectl", "rollout", "status", "deployments", "--namespace", namespace);
  }

  /** `kubectl diff` of everything: what a preview tells. */
  async preview(): Promise<void> {
    await this.#run(
      "kubectl",
      "diff",
      "--filename",
      "namespaces.yaml",
      "--filename",
      "others.yaml",
      "--filename",
      "chart/templates",
    );
  }

  /** `kubectl delete` and `helm uninstall`, both to the end. */
  async destroy(): Promise<void> {
    await this.#run("kubectl", "delete", "--filename", "others.yaml", "--wait", "--ignore-not-found");
    await this.#run(
      "helm",
      "uninstall",
      RELEASE,
      "--namespace",
      this.#namespace,
      "--wait",
      "--ignore-not-found",
    );
    await this.#run("kubectl", "delete", "--filename", "namespaces.yaml", "--wait", "--ignore-not-found");
  }

  /** Removes the files. */
  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }

  get #namespace(): string {
    return this.#objects.chart.flatMap(({ metadata: { namespace } }) => namespace ?? [])[0] ?? "default";
  }

  async #run(command: string, ...args: string[]): Promise<void> {
    await promisify(execFile)(command, args, { cwd: this.#directory, maxBuffer: 16 * 1024 * 1024 });
  }
}

const isNamespace = ({ kind }: Manifest): boolean => kind === "Namespace";

/** Objects as a stream of YAML documents; JSON is YAML. */
const documents = (objects: readonly Manifest[]): string =>
  objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
