import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect, it, vi } from "vitest";

import { UserError } from "../../../components/base/errors.ts";
import { Deployment, type DeploymentArgs } from "../../../components/workload/index.ts";
import { record, resolved } from "../mocks.ts";

const TYPE = "kubernetes:apps/v1:Deployment";
const stack = { project: "slipway", stack: "dev" };
const base = { stack, namespace: "apps", image: "slipway-web:1" };

const made = (args: Partial<DeploymentArgs> = {}) =>
  record(() => new Deployment("web", { ...base, ...args })).then((recording) => recording.one(TYPE));
const spec = async (args: Partial<DeploymentArgs> = {}) =>
  (await made(args)).inputs.spec as k8s.types.output.apps.v1.DeploymentSpec;

const selector = { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "slipway-dev" };
const labels = {
  ...selector,
  "app.kubernetes.io/part-of": "slipway",
  "app.kubernetes.io/managed-by": "pulumi",
  "slipway.dev/project": "slipway",
  "slipway.dev/stack": "dev",
};

it("makes a served app restricted, limited, and gone without losing a request", async () => {
  const recording = await record(
    () =>
      new Deployment("web", {
        ...base,
        replicas: 3,
        ports: { http: 8080 },
        probes: { liveness: "/healthz", readiness: "/readyz" },
        writable: ["/tmp"],
        labels: { team: "a" },
      }),
  );
  const { inputs, customTimeouts, ignoreChanges, aliases } = recording.one(TYPE);
  expect(recording.resources).toHaveLength(1);
  expect(aliases).toContainEqual({
    parent: "urn:pulumi:test::slipway::slipway:workload:Deployment::web",
  });
  expect(customTimeouts).toMatchObject({ create: "120s", update: "120s" });
  expect(ignoreChanges).toEqual([]);
  expect(inputs).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "apps", labels: { team: "a", ...labels } },
    spec: {
      replicas: 3,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 120,
      template: {
        metadata: { labels: { team: "a", ...labels } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              name: "web",
              image: "slipway-web:1",
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
              resources: {
                requests: { cpu: "50m", memory: "64Mi" },
                limits: { cpu: "500m", memory: "256Mi" },
              },
              startupProbe: {
                httpGet: { path: "/healthz", port: "http" },
                periodSeconds: 1,
                failureThreshold: 60,
              },
              readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 2 },
              livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              terminationMessagePolicy: "FallbackToLogsOnError",
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
            },
          ],
          volumes: [{ name: "tmp", emptyDir: { sizeLimit: "128Mi" } }],
        },
      },
    },
  });
  expect(recording.value.selector).toEqual(selector);
  expect(await resolved(recording.value.name)).toBe("web");
});

it("keeps its selector under any change of the app", async () => {
  const changed = await spec({
    image: "other:2",
    replicas: 7,
    ports: { admin: 9000 },
    labels: { version: "2" },
    annotations: { a: "b" },
    strategy: "recreate",
    stack: { ...stack, expires: "2027-01-31" },
  });
  expect(changed.selector).toEqual((await spec()).selector);
});

it("replaces no pod when only the expiry changes", async () => {
  const { inputs } = await made({ stack: { ...stack, expires: "2027-01-31" } });
  expect(inputs.metadata).toMatchObject({ labels: { ...labels, "slipway.dev/expires": "2027-01-31" } });
  expect(inputs.spec).toEqual(await spec());
});

it("leaves replicas to an autoscaler without drift", async () => {
  const { inputs, ignoreChanges } = await made({ replicas: "autoscaled" });
  expect(inputs.spec).not.toHaveProperty("replicas");
  expect(ignoreChanges).toEqual(["spec.replicas"]);
});

it("does not wait for a paused rollout", async () => {
  const { inputs } = await made({ paused: true, annotations: { a: "b" } });
  expect(inputs.metadata).toMatchObject({ annotations: { a: "b", "pulumi.com/skipAwait": "true" } });
  expect(inputs.spec).toMatchObject({ paused: true });
  expect((await made()).inputs.metadata).not.toHaveProperty("annotations");
  expect(await spec()).not.toHaveProperty("paused");
});

it("warns that recreating leaves a gap", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  expect((await spec({ strategy: "recreate" })).strategy).toEqual({ type: "Recreate" });
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "strategy recreate: nobody answers while web is replaced",
  ]);
  warn.mockClear();
  await spec({ strategy: { type: "rollingUpdate", maxSurge: 0, maxUnavailable: "100%" } });
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "strategy.maxUnavailable 100%: nobody answers while web is replaced",
  ]);
  warn.mockClear();
  await spec();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

it("gives `up` the time that the rollout has", async () => {
  const { inputs, customTimeouts } = await made({ progressDeadlineSeconds: 20 });
  expect(inputs.spec).toMatchObject({ progressDeadlineSeconds: 20 });
  expect(customTimeouts).toMatchObject({ create: "20s", update: "20s" });
});

it("lets a transform change the Deployment and its options", async () => {
  const { inputs, retainOnDelete } = await made({
    transform: {
      deployment: (args, opts) => {
        opts.retainOnDelete = true;
        return { ...args, metadata: { name: "other" } };
      },
    },
  });
  expect(inputs.metadata).toEqual({ name: "other" });
  expect(retainOnDelete).toBe(true);
});

it("names every mistake at once", async () => {
  const wrong = {
    replicas: -1,
    minReadySeconds: 30,
    progressDeadlineSeconds: 30,
    strategy: { type: "rollingUpdate", maxSurge: 0, maxUnavailable: "0%" },
    labels: { "app.kubernetes.io/name": "other" },
    ports: { http: 0 },
    image: "",
  } as const;
  const message = await record(() => new Deployment("web", { ...base, ...wrong })).catch((error: unknown) => {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  });
  expect(message).toBe(
    [
      "deployment web:",
      '  labels.app.kubernetes.io/name: "other" is set already, and pods are found by it',
      "  replicas: -1 must be a whole number from 0",
      "  progressDeadlineSeconds: 30 must be a whole number of seconds above minReadySeconds (30)",
      '  strategy: {"maxSurge":0,"maxUnavailable":"0%"} must not both be 0: no pod could be replaced',
      '  image: "" must be an image reference, [registry/]name[:tag][@digest] with the name in lower case, as "registry.example/web:1.4"',
      "  ports.http: 0 must be from 1 to 65535",
    ].join("\n"),
  );
});
