import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readPreview } from "../../../../cli/preview/read.ts";
import type { Preview } from "../../../../cli/preview/preview.ts";
import { mergeSteps, type RawStep } from "../../../../cli/preview/steps.ts";
import { type Report, reportOf } from "../../../../cli/review/report.ts";

/**
 * A preview that the engine wrote for tests/e2e/cli/review, without debug messages and what the cluster adds: `changed.ndjson`
 * as events, `digest.json` of the same change, and `refused.ndjson` of one that the cluster refuses.
 */
export const recordedText = (name: string): string =>
  readFileSync(join(import.meta.dirname, "recorded", name), "utf8");

export const recorded = (name: string): Preview => readPreview(recordedText(name), name);

type Body = Readonly<Record<string, unknown>>;

/** Type of a kind, for those that the tests use. */
const GROUPS: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Ingress: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  IngressClass: "networking.k8s.io/v1",
  IngressRoute: "traefik.io/v1alpha1",
  Middleware: "traefik.io/v1alpha1",
  TraefikService: "traefik.io/v1alpha1",
  ServersTransport: "traefik.io/v1alpha1",
  TLSOption: "traefik.io/v1alpha1",
  Gateway: "gateway.networking.k8s.io/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  Certificate: "cert-manager.io/v1",
  ClusterIssuer: "cert-manager.io/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  Role: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
  CustomResourceDefinition: "apiextensions.k8s.io/v1",
};

/** A step about an object `shop/<name>`, of what is given of it before and after. */
export function step(
  op: string,
  kind: string,
  before?: Body,
  after?: Body,
  more: Partial<RawStep> = {},
): RawStep {
  const group = GROUPS[kind] ?? "v1";
  const type = `kubernetes:${group === "v1" ? "core/v1" : group}:${kind}`;
  const state = (body: Body) => {
    const { metadata, ...rest } = body;
    return {
      type,
      custom: true,
      inputs: {
        apiVersion: group,
        kind,
        metadata: { name: "it", namespace: "shop", ...(metadata as object) },
        ...rest,
      },
    };
  };
  const name = ((after ?? before)?.["metadata"] as { name?: string } | undefined)?.name ?? "it";
  return {
    op,
    urn: `urn:pulumi:test::shop::${type}::${name}`,
    ...(before && { old: state(before) }),
    ...(after && { new: state(after) }),
    ...more,
  };
}

/** A preview of steps. */
export const previewOf = (...steps: readonly RawStep[]): Preview => ({
  project: "shop",
  stack: "test",
  steps: mergeSteps(steps),
  diagnostics: [],
  findings: [],
  complete: true,
  failed: false,
});

/** Marks of one kind in the report of some steps: `danger: why`. */
export const marks = (kind: string, ...steps: readonly RawStep[]): readonly string[] =>
  marksIn(reportOf(previewOf(...steps)), kind);

export const marksIn = (report: Report, kind: string): readonly string[] =>
  report.changes.flatMap((change) =>
    change.marks.filter((mark) => mark.kind === kind).map(({ severity, reason }) => `${severity}: ${reason}`),
  );
