import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { traefikValues } from "../../../components/traefik/values.ts";

/** The lab's chart. */
export const LAB_CHART = join(import.meta.dirname, "../../../lab/chart/traefik");

/** The official chart; its README says where it comes from. */
export const OFFICIAL_CHART = join(import.meta.dirname, "../../data/traefik-chart");

/** Why a test that needs Helm cannot run, or undefined. */
export const noHelm = missing("helm");

function missing(command: string): string | undefined {
  try {
    execFileSync(command, ["version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `no ${command} on PATH`;
  }
}

/** A Kubernetes object of a rendered chart, as far as the tests look into it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string> | null;
  };
  readonly spec?: Record<string, unknown>;
  readonly rules?: readonly Rule[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rendered = new Map<string, readonly Rendered[]>();

/** The objects of a chart with the values of a configuration, by `helm template`. */
export function render(chart: string, config: TraefikConfig): readonly Rendered[] {
  const id = `${chart} ${config.namespace}`;
  const objects = rendered.get(id) ?? renderValues(chart, config.namespace, traefikValues(config));
  rendered.set(id, objects);
  return objects;
}

/**
 * The objects of a chart with values, by `helm template`.
 * @throws what Helm wrote to stderr
 */
export function renderValues(chart: string, namespace: string, values: object): readonly Rendered[] {
  const directory = mkdtempSync(join(tmpdir(), "slipway-chart-"));
  try {
    const file = join(directory, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const cluster = ["--kube-version", "1.35.0", "--api-versions", "policy/v1/PodDisruptionBudget"];
    const manifests = execFileSync(
      "helm",
      ["template", "traefik", chart, "--namespace", namespace, "--values", file, ...cluster],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    return parseAllDocuments(manifests).flatMap((document) => {
      const object = document.toJS() as Rendered | null;
      return object === null ? [] : [object];
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
