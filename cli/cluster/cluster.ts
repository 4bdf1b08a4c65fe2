import { inParallel } from "../base/parallel.ts";
import { ApiServer, type RequestOptions, type ServerAuthority } from "./api-server.ts";
import { type ApiResource, apiResources, DISCOVERY_TYPE, resourcePath } from "./discovery.ts";
import type { GroupDiscoveryList } from "./discovery.ts";
import { ApiError } from "./errors.ts";
import type { KubeconfigOptions } from "./kubeconfig.ts";
import { type KubeObject } from "./object.ts";
import { objectKey, type ObjectRef, refOf } from "../../kubernetes/object.ts";

/** Objects in one answer. */
const PAGE = 500;

/** Objects without their contents: no Secret is read to know of it. */
const METADATA_TYPE = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

export interface Selection {
  /** @default all */
  readonly namespace?: string | undefined;
  /** `app=web,tier!=test` */
  readonly labelSelector?: string | undefined;
  /** `metadata.name=web` */
  readonly fieldSelector?: string | undefined;
}

/** What {@link Cluster.listAll} found. */
export interface Found {
  /** Without their contents: metadata, and managed fields with it. */
  readonly objects: readonly KubeObject[];
  /** Kinds that could not be read, as `secrets` or `gateways.gateway.networking.k8s.io`. */
  readonly unread: readonly string[];
}

/** A cluster, by its API server: objects of every kind that it serves, as JSON. */
export class Cluster {
  readonly #server: ApiServer;
  #resources: Promise<readonly ApiResource[]> | undefined;

  private constructor(server: ApiServer) {
    this.#server = server;
  }

  /**
   * A cluster of a kubeconfig. Nothing is asked yet.
   *
   * @throws CliError where there is no such kubeconfig or context
   */
  static async open(options: KubeconfigOptions = {}): Promise<Cluster> {
    return new Cluster(await ApiServer.open(options));
  }

  /** Name of the kubeconfig's context. */
  get context(): string {
    return this.#server.context;
  }

  /** URL of the API server. */
  get server(): string {
    return this.#server.url;
  }

  /** What its server's certificate is verified with, as a kubeconfig has it. */
  get authority(): ServerAuthority {
    return this.#server.authority;
  }

  /** Ends the connections that are kept open, so that the process can end. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /**
   * The body of what the server answers at a path, for what is no object: `/version`, a pod's log.
   *
   * @throws UnreachableError where nobody answers, ApiError where the server refuses
   */
  text(path: string, options: Pick<RequestOptions, "query"> = {}): Promise<string> {
    return this.#server.text(path, options);
  }

  /** Every kind that the server serves, in every version. Asked once. */
  resources(): Promise<readonly ApiResource[]> {
    this.#resources ??= Promise.all(
      ["/api", "/apis"].map((path) =>
        this.#server.json<GroupDiscoveryList>(path, { accept: DISCOVERY_TYPE }),
      ),
    ).then((lists) => lists.flatMap(apiResources));
    return this.#resources;
  }

  /** A kind; `undefined` where the server does not serve it, as when its CustomResourceDefinition is gone. */
  async resourceOf(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const all = await this.resources();
    return all.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
  }

  /** An object, `undefined` where it is not there or the server does not serve its kind. */
  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const path = await this.#pathOf(ref);
    return path === undefined ? undefined : absentAs(undefined, this.#server.json<KubeObject>(path));
  }

  /** Objects of a kind; none where the server does not serve it. */
  async list(apiVersion: string, kind: string, selection: Selection = {}): Promise<KubeObject[]> {
    const resource = await this.resourceOf(apiVersion, kind);
    if (resource === undefined) return [];
    const objects = await this.#pages(resource, selection, "application/json");
    return objects.map((object) => ({ ...object, apiVersion, kind }));
  }

  /**
   * Objects of every kind, or of those that `wanted` says. What belongs to another object is among them: pods, ReplicaSets.
   */
  async listAll(
    selection: Selection = {},
    wanted: (resource: ApiResource) => boolean = () => true,
  ): Promise<Found> {
    const unread: string[] = [];
    const kinds = (await this.resources()).filter(
      (resource) => resource.preferred && resource.verbs.includes("list") && wanted(resource),
    );
    const lists = await inParallel(kinds, async (resource) => {
      const { apiVersion, kind, plural } = resource;
      try {
        const objects = await this.#pages(resource, selection, METADATA_TYPE);
        return objects.map((object) => ({ ...object, apiVersion, kind }));
      } catch (error) {
        // An API that is served by somebody else may be down, and not every kind is everybody's to read.
        if (!(error instanceof ApiError) || error.status === 401) throw error;
        unread.push(
          [plural, apiVersion.split("/").length > 1 ? apiVersion.split("/")[0] : []].flat().join("."),
        );
        return [];
      }
    });
    // A kind may be served by two groups.
    const objects = new Map(lists.flat().map((object) => [object.metadata.uid, object]));
    return { objects: [...objects.values()], unread: unread.sort() };
  }

  /**
   * Server-side apply.
   *
   * @returns the object as it is then, or with `dryRun` would be
   */
  async apply(
    object: object,
    { manager, force = false, dryRun = false }: { manager: string; force?: boolean; dryRun?: boolean },
  ): Promise<KubeObject> {
    const ref = refOf(object as KubeObject);
    return this.#server.json<KubeObject>(await this.#existingPath(ref), {
      method: "PATCH",
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: manager, force: String(force), dryRun: dryRun ? "All" : undefined },
      body: object,
    });
  }

  /**
   * A token by which a ServiceAccount signs in.
   * @param seconds it holds; the server may give less
   */
  async token({ name, namespace }: { name: string; namespace: string }, seconds: number): Promise<string> {
    const { status } = await this.#server.json<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      {
        method: "POST",
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: { expirationSeconds: seconds },
        },
      },
    );
    return status.token;
  }

  /** Deletes an object, and what it owns in the background. One that is gone is no error. */
  async delete(ref: ObjectRef): Promise<void> {
    const path = await this.#pathOf(ref);
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" };
    if (path !== undefined) await absentAs(undefined, this.#server.text(path, { method: "DELETE", body }));
  }

  async #pages(resource: ApiResource, selection: Selection, accept: string): Promise<KubeObject[]> {
    const { namespace, labelSelector, fieldSelector } = selection;
    const path = resourcePath(resource, { namespace });
    const objects: KubeObject[] = [];
    let next: string | undefined;
    do {
      const query = { labelSelector, fieldSelector, limit: PAGE, continue: next };
      const page = await this.#server.json<List>(path, { accept, query });
      objects.push(...(page.items ?? []));
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
    return objects;
  }

  async #pathOf({ apiVersion, kind, name, namespace }: ObjectRef): Promise<string | undefined> {
    const resource = await this.resourceOf(apiVersion, kind);
    if (resource === undefined) return undefined;
    return resourcePath(resource, { name, namespace: namespace ?? "default" });
  }

  async #existingPath(ref: ObjectRef): Promise<string> {
    const path = await this.#pathOf(ref);
    if (path !== undefined) return path;
    const details = { status: 404, reason: "NotFound" };
    throw new ApiError(
      `the cluster at ${this.server} does not serve ${ref.kind} of ${ref.apiVersion}`,
      "Its CustomResourceDefinition is missing: `kubectl api-resources` lists what there is.",
      details,
    );
  }
}

interface List {
  readonly metadata: { readonly continue?: string };
  /** What is written in Go has `null` for none. */
  readonly items: readonly KubeObject[] | null;
}

/** Whether two references or objects mean the same. */
export const isSame = (one: ObjectRef, other: ObjectRef): boolean => objectKey(one) === objectKey(other);

/** The answer, or something else where there is no such object. */
async function absentAs<T, U>(absent: U, answer: Promise<T>): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return absent;
    throw error;
  }
}
