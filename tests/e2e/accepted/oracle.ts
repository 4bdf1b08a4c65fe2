import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../../components/base/errors.ts";
import type { KubernetesObject } from "../../../kubernetes/object.ts";
import { toolchainLayout } from "../../../lab/toolchain/index.ts";
import { readConfig } from "../../../program/config.ts";
import { sourceOf } from "../../unit/program/stack.ts";
import { OFFICIAL_CHART, renderValues } from "../../unit/traefik/charts.ts";
import { apply, ControlPlane, kubectl, type KubeObject, objects } from "../harness/index.ts";
import { Api } from "./api.ts";
import type { Configuration } from "./generate.ts";
import { type Pair, objectsOf } from "./program.ts";
import { misplaced } from "./refusal.ts";
import {
  classes,
  ELSEWHERE,
  elsewhere,
  isRoute,
  issued,
  markerOf,
  routersOf,
  servedObjects,
  slicesOf,
} from "./served.ts";
import { Traefik } from "./traefik.ts";

/** What became of a configuration. */
export type Verdict = "refused" | "served";

/** Kubernetes' API server and Traefik, which say what of a configuration that is accepted they do not take. */
export class Oracle {
  readonly #plane: ControlPlane;
  readonly #api: Api;
  readonly #traefik: Traefik;
  readonly #pair: Pair;
  readonly #served = new Set<string>();
  #configurations = 0;

  private constructor(plane: ControlPlane, api: Api, traefik: Traefik, pair: Pair) {
    this.#plane = plane;
    this.#api = api;
    this.#traefik = traefik;
    this.#pair = pair;
  }

  /** An API server with the lab's definitions, and a Traefik beside it. */
  static async start(): Promise<Oracle> {
    // The lab's own site file would be read beside each configuration.
    delete process.env["SLIPWAY_SITE"];
    const definitions = (await objects("crds")).filter(({ metadata: { name } }) =>
      /\.(traefik\.io|gateway\.networking\.k8s\.io|monitoring\.coreos\.com|cert-manager\.io)$/.test(name),
    );
    const { programs } = toolchainLayout();
    const plane = await ControlPlane.start(join(programs, "kubernetes"), { controllers: false });
    try {
      await defineKinds(definitions);
      const api = await Api.open();
      await api.apply(classes);
      const [certificate = "", key = ""] = await Promise.all(
        ["crt", "key"].map((part) => readFile(join(plane.directory, `apiserver.${part}`), "utf8")),
      );
      const traefik = await Traefik.start(join(programs, "traefik"));
      return new Oracle(plane, api, traefik, { certificate, key });
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#traefik.stop();
    await this.#api.close();
    await this.#plane.stop();
  }

  /**
   * Reads a configuration. What is accepted has to be taken as it is, and what is refused in lines that lead to their keys.
   * @throws with what is wrong, a line each
   */
  async judge(configuration: Configuration): Promise<Verdict> {
    try {
      readConfig(sourceOf(configuration));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expectNone("the refusal", misplaced(configuration, error));
      return "refused";
    }
    const { objects: made, chart } = await objectsOf(configuration, this.#pair);
    const { namespace, values } = chart;
    // The chart is the same for most, and Helm takes its time.
    const charted = "traefik" in configuration ? chartObjects(namespace, values) : [];
    expectNone("the API server", await this.#api.refused([...made, ...charted]));
    const first = await this.#unserved(made);
    // Traefik watches each kind by itself, and may see a route before what it leads to.
    if (first.length > 0) expectNone("Traefik", await this.#unserved(made));
    return "served";
  }

  async #unserved(made: readonly KubernetesObject[]): Promise<readonly string[]> {
    const run = `run${(this.#configurations += 1)}x`;
    const there = made.map((object) => issued(object, this.#pair));
    const all = servedObjects(there, run, this.#traefik.entryPoints);
    const routes = all.filter(isRoute);
    // Most of what a configuration says is about pods.
    const known = JSON.stringify(servedObjects(there, "", this.#traefik.entryPoints));
    if (routes.length === 0 || this.#served.has(known)) return [];
    const namespaces = new Set(all.flatMap(({ metadata: { namespace } }) => namespace ?? []));
    const named = JSON.stringify(all).includes(ELSEWHERE);
    const parts = [
      ...(named ? [...namespaces].flatMap((namespace) => elsewhere(namespace, this.#pair)) : []),
      ...all.filter((object) => !isRoute(object)),
      ...slicesOf(all),
    ];
    const [namespace = ""] = namespaces;
    const marker = markerOf(namespace);
    await this.#api.apply(parts);
    await this.#api.apply(routes);
    const wanted = routes.reduce((sum, route) => sum + routersOf(route), 0);
    const unserved = await this.#traefik.unserved(run, wanted);
    const logged = await this.#traefik.logged(run, () => this.#api.apply(marker));
    await this.#api.remove([...routes, ...parts, ...marker]);
    if (unserved.length + logged.length === 0) this.#served.add(known);
    return [...unserved, ...logged];
  }
}

/** Makes definitions, and waits until the API server serves their kinds. */
async function defineKinds(definitions: readonly KubeObject[]): Promise<void> {
  const items = definitions.map(({ metadata: { name, annotations = {} }, ...rest }) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name, annotations },
    spec: rest["spec"] as object,
  }));
  await apply({ apiVersion: "v1", kind: "List", items });
  await kubectl("wait", "crds", "--all", "--for=condition=Established", "--timeout=60s");
}

/** The objects of Traefik's official chart, by Helm. */
const chartObjects = (namespace: string, values: object): readonly KubernetesObject[] =>
  renderValues(OFFICIAL_CHART, namespace, values) as unknown as readonly KubernetesObject[];

function expectNone(who: string, complaints: readonly string[]): void {
  if (complaints.length > 0)
    throw new Error(`${who} says:\n${complaints.map((line) => `  ${line}`).join("\n")}`);
}
