import { Cluster } from "../../../cli/cluster/cluster.ts";
import { ApiError } from "../../../cli/cluster/errors.ts";
import { describeRef, type KubernetesObject, refOf } from "../../../kubernetes/object.ts";

const MANAGER = "slipway-accepted";

/** An API server that is asked what it makes of objects, and has those that Traefik is to read. */
export class Api {
  readonly #cluster: Cluster;
  readonly #namespaces = new Map<string, Promise<unknown>>();

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  static async open(): Promise<Api> {
    return new Api(await Cluster.open());
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  /** What the API server refuses of objects that it is only shown, a line for each. */
  async refused(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
    await this.#makeNamespaces(objects);
    const answers = await Promise.all(
      objects.map((object) =>
        this.#cluster.apply(object, { manager: MANAGER, dryRun: true }).then(
          () => [],
          (error: unknown) => {
            if (error instanceof ApiError) return [`${describeRef(refOf(object))}: ${error.message}`];
            throw error;
          },
        ),
      ),
    );
    return answers.flat();
  }

  /** Makes objects. */
  async apply(objects: readonly KubernetesObject[]): Promise<void> {
    await this.#makeNamespaces(objects);
    await Promise.all(
      objects.map((object) => this.#cluster.apply(object, { manager: MANAGER, force: true })),
    );
  }

  async remove(objects: readonly KubernetesObject[]): Promise<void> {
    await Promise.all(objects.map((object) => this.#cluster.delete(refOf(object))));
  }

  async #makeNamespaces(objects: readonly KubernetesObject[]): Promise<void> {
    const names = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
    await Promise.all(
      [...names].map((name) => {
        const made =
          this.#namespaces.get(name) ??
          this.#cluster
            .apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, { manager: MANAGER })
            // A name that the server refuses is told with the object that has it.
            .catch(() => undefined);
        this.#namespaces.set(name, made);
        return made;
      }),
    );
  }
}
