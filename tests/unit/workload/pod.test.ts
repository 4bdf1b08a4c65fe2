import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { Problems } from "../../../components/base/errors.ts";
import { type PodArgs } from "../../../components/workload/index.ts";
import { checkPod } from "../../../components/workload/pod-checks.ts";
import { podTemplate } from "../../../components/workload/pod.ts";
import { resolved } from "../mocks.ts";

const context = { name: "web", podLabels: { app: "web", team: "a" }, selector: { app: "web" } };

const made = (args: Partial<PodArgs> = {}, extra = {}) => {
  const problems = new Problems("test");
  checkPod({ image: "web:1", ...args }, context, problems);
  problems.throwIfAny();
  const template = podTemplate({ image: "web:1", ...args }, { ...context, ...extra });
  return resolved(template).then(({ metadata, spec }) => ({
    annotations: metadata?.annotations,
    spec: spec ?? ({} as never),
    main: spec?.containers[0] ?? ({} as never),
  }));
};
/** The lines of the error, without its subject. */
const mistakes = (args: Partial<PodArgs>): string[] => {
  const problems = new Problems("test");
  checkPod({ image: "web:1", ...args }, context, problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
};

describe("environment", () => {
  it("takes plain values, outputs, keys of ConfigMaps and Secrets, and fields", async () => {
    const env = {
      PLAIN: "a",
      NUMBER: 8080,
      YES: true,
      LATER: pulumi.output("b"),
      PASSWORD: { secretKeyRef: { name: "db", key: "password" } },
      SITE: { configMapKeyRef: { name: pulumi.output("site"), key: "url", optional: true } },
      POD: { fieldRef: "metadata.name" },
      MEMORY: { resourceFieldRef: "limits.memory" },
    };
    expect((await made({ env })).main.env).toEqual([
      { name: "PLAIN", value: "a" },
      { name: "NUMBER", value: "8080" },
      { name: "YES", value: "true" },
      { name: "LATER", value: "b" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
      { name: "SITE", valueFrom: { configMapKeyRef: { name: "site", key: "url", optional: true } } },
      { name: "POD", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
      { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "0" } } },
    ]);
  });

  it("refuses bad names, and sources that are none or two", () => {
    expect(
      mistakes({ env: { "1A": "x", B: {}, C: { fieldRef: "a", resourceFieldRef: "limits.cpu" } } }),
    ).toEqual([
      "env.1A: must be a variable name: letters, digits, -, _ and ., not beginning with a digit",
      "env.B: [] must have exactly one of secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef",
      'env.C: ["fieldRef","resourceFieldRef"] must have exactly one of secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef',
    ]);
  });
});

describe("probes", () => {
  const ports = { http: 8080, grpc: 9090 };
  const of = (probes: PodArgs["probes"]) => made({ ports, probes }).then(({ main }) => main);

  it("asks by httpGet, tcpSocket, exec or grpc", async () => {
    const main = await of({
      startup: { exec: { command: ["test", "-f", "/tmp/up"] }, failureThreshold: 5 },
      readiness: {
        httpGet: { path: "/ready?full=1", port: "http", scheme: "HTTPS", headers: { Host: "a" } },
        periodSeconds: 7,
      },
      liveness: { grpc: { port: "grpc", service: "live" }, timeoutSeconds: 2 },
    });
    expect(main.startupProbe).toEqual({
      exec: { command: ["test", "-f", "/tmp/up"] },
      periodSeconds: 1,
      failureThreshold: 5,
    });
    expect(main.readinessProbe).toEqual({
      httpGet: {
        path: "/ready?full=1",
        port: "http",
        scheme: "HTTPS",
        httpHeaders: [{ name: "Host", value: "a" }],
      },
      periodSeconds: 7,
    });
    expect(main.livenessProbe).toEqual({ grpc: { port: 9090, service: "live" }, timeoutSeconds: 2 });
    expect((await of({ readiness: { tcpSocket: { port: 9090 } } })).readinessProbe).toEqual({
      tcpSocket: { port: 9090 },
      periodSeconds: 2,
    });
  });

  it("starts by asking what liveness asks, without its timing, unless told otherwise", async () => {
    const main = await of({ liveness: { tcpSocket: {}, periodSeconds: 30, initialDelaySeconds: 9 } });
    expect(main.startupProbe).toEqual({
      tcpSocket: { port: "http" },
      periodSeconds: 1,
      failureThreshold: 60,
    });
    expect(await of({ liveness: "/live", startup: false })).not.toHaveProperty("startupProbe");
    expect(await of({ readiness: "/ready" })).not.toHaveProperty("startupProbe");
  });

  it("refuses what cannot be asked", () => {
    expect(mistakes({ probes: { readiness: "/ready" } })).toEqual([
      "probes.readiness: needs a port: the container has no `ports`, and the probe names none",
    ]);
    expect(
      mistakes({
        ports,
        probes: {
          startup: false,
          readiness: { httpGet: { path: "ready", port: "https" } },
          liveness: { tcpSocket: {}, exec: { command: [] }, successThreshold: 2, periodSeconds: 0 },
        },
      }),
    ).toEqual([
      'probes.readiness: "ready" must begin with "/" and have no space, "?" or "#"',
      'probes.readiness.port: "https" must be one of the ports: http, grpc',
      'probes.liveness: ["tcpSocket","exec"] must have exactly one of httpGet, tcpSocket, exec, grpc',
      "probes.liveness.periodSeconds: 0 must be a whole number from 1",
      "probes.liveness.successThreshold: 2 must be 1 for liveness",
    ]);
  });
});

describe("resources", () => {
  const of = (resources: PodArgs["resources"]) => made({ resources }).then(({ main }) => main.resources);

  it("have defaults, which give way to what is given", async () => {
    expect(
      await of({
        requests: { memory: "1Gi", "example.com/gpu": "1" },
        limits: { cpu: "10m", "example.com/gpu": "1" },
      }),
    ).toEqual({
      requests: { cpu: "10m", memory: "1Gi", "example.com/gpu": "1" },
      limits: { cpu: "10m", memory: "1Gi", "example.com/gpu": "1" },
    });
  });

  it("refuses a request above its limit, and what is no quantity", () => {
    expect(
      mistakes({ resources: { requests: { memory: "1Gi", cpu: "1 core" }, limits: { memory: "1000M" } } }),
    ).toEqual([
      'resources.requests.cpu: "1 core" must be a quantity, as in "250m" or "64Mi"',
      'resources.requests.memory: "1Gi" must not exceed the limit, 1000M',
    ]);
  });
});

describe("volumes", () => {
  it("mounts writable directories, ConfigMaps, Secrets, claims and shared directories", async () => {
    const { spec, main } = await made({
      writable: ["/tmp", { path: "/var/cache/nginx", medium: "memory", sizeLimit: "8Mi" }],
      mounts: {
        "/etc/site": { configMap: "site", items: { "a.conf": "b.conf" } },
        "/etc/tls": { secret: pulumi.output("tls"), optional: true },
        "/data": { claim: "data", subPath: "web" },
        "/work": { shared: "work" },
      },
      initContainers: {
        prepare: { image: "tool:1", writable: ["/tmp"], mounts: { "/out": { shared: "work" } } },
      },
    });
    expect(main.volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "var-cache-nginx", mountPath: "/var/cache/nginx" },
      { name: "etc-site", mountPath: "/etc/site", readOnly: true },
      { name: "etc-tls", mountPath: "/etc/tls", readOnly: true },
      { name: "data", mountPath: "/data", subPath: "web" },
      { name: "shared-work", mountPath: "/work" },
    ]);
    expect(spec.initContainers?.[0]?.volumeMounts).toEqual([
      { name: "prepare-tmp", mountPath: "/tmp" },
      { name: "shared-work", mountPath: "/out" },
    ]);
    expect(spec.volumes).toEqual([
      { name: "prepare-tmp", emptyDir: { sizeLimit: "128Mi" } },
      { name: "shared-work", emptyDir: {} },
      { name: "tmp", emptyDir: { sizeLimit: "128Mi" } },
      { name: "var-cache-nginx", emptyDir: { sizeLimit: "8Mi", medium: "Memory" } },
      { name: "etc-site", configMap: { name: "site", items: [{ key: "a.conf", path: "b.conf" }] } },
      { name: "etc-tls", secret: { secretName: "tls", optional: true } },
      { name: "data", persistentVolumeClaim: { claimName: "data" } },
    ]);
  });

  it("refuses two volumes of one name, which Kubernetes would make one of", () => {
    const cache = { image: "cache:1", writable: ["/tmp"] };
    expect(mistakes({ writable: ["/cache/tmp"], sidecars: { cache } })).toEqual([
      'mounts: "cache-tmp" is the name of two volumes, made of their paths: change one path',
    ]);
    const shared = { "/in": { shared: "box" } };
    expect(mistakes({ mounts: shared, sidecars: { cache: { ...cache, mounts: shared } } })).toEqual([]);
    expect(mistakes({ mounts: shared, writable: ["/shared/box"] })).toHaveLength(1);
  });

  it("refuses paths that are relative or taken, and mounts of nothing or of two", () => {
    expect(
      mistakes({
        writable: ["tmp", "/a", { path: "/b", sizeLimit: "much" }],
        mounts: { "/a": {}, "/c": { template: "data" }, "/d": { configMap: "x", secret: "y" } },
      }),
    ).toEqual([
      'writable: "tmp" must be an absolute path, not / itself',
      'writable /b: "much" must be a quantity, as in "250m" or "64Mi"',
      'mounts./a: "/a" is mounted already',
      "mounts./a: [] must have exactly one of configMap, secret, claim, template, shared",
      'mounts./c.template: "data" must be one of the claims: none',
      'mounts./d: ["configMap","secret"] must have exactly one of configMap, secret, claim, template, shared',
    ]);
  });
});

describe("containers around the main one", () => {
  it("start before it: sidecars, which stay, then init containers", async () => {
    const { spec } = await made({
      sidecars: { proxy: { image: "proxy:1", ports: { admin: 9000 }, probes: { startup: "/up" } } },
      initContainers: { migrate: { image: "tool:1" }, seed: { image: "tool:1" } },
    });
    expect(spec.initContainers?.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ["proxy", "Always"],
      ["migrate", undefined],
      ["seed", undefined],
    ]);
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      expect(container.resources?.limits).toHaveProperty("memory");
    }
  });

  it("need names of their own", () => {
    const image = "tool:1";
    expect(
      mistakes({
        initContainers: { web: { image }, a: { image } },
        sidecars: { a: { image: "" }, A_: { image } },
      }),
    ).toEqual([
      "initContainers.web: has the name of the main container",
      'sidecars.a.image: "" must be an image reference, [registry/]name[:tag][@digest] with the name in lower case, as "registry.example/web:1.4"',
      "sidecars.A_: must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends",
      "initContainers.a: is a sidecar too",
    ]);
  });
});

describe("termination", () => {
  const of = (args: Partial<PodArgs>) =>
    made(args).then(({ spec, main }) => [
      main.lifecycle?.preStop?.sleep?.seconds,
      spec.terminationGracePeriodSeconds,
    ]);
  const ports = { http: 8080 };

  it("adds up", async () => {
    expect(await of({ ports })).toEqual([5, 30]);
    expect(await of({})).toEqual([undefined, 25]);
    expect(await of({ ports, preStopSeconds: 10, shutdownSeconds: 60 })).toEqual([10, 75]);
    expect(await of({ ports, preStopSeconds: 0, terminationGracePeriodSeconds: 3 })).toEqual([undefined, 3]);
  });

  it("begins with a command, where one is given", async () => {
    const { main } = await made({ ports, preStopCommand: ["sleep", "9"] });
    expect(main.lifecycle).toEqual({ preStop: { exec: { command: ["sleep", "9"] } } });
    expect(mistakes({ preStopCommand: ["sleep", "9"] })).toEqual([
      "preStopSeconds: 0 must be the seconds that preStopCommand takes",
    ]);
    expect(mistakes({ ports, preStopCommand: [] })).toEqual(["preStopCommand: [] must name a program"]);
  });

  it("refuses a pod that is killed before it has finished", () => {
    expect(mistakes({ ports, terminationGracePeriodSeconds: 25, shutdownSeconds: 20 })).toEqual([
      "terminationGracePeriodSeconds: 25 must be more than preStopSeconds (5) + shutdownSeconds (20), or the pod is killed before it has finished",
    ]);
    expect(mistakes({ ports, terminationGracePeriodSeconds: 5 })).toHaveLength(1);
    expect(mistakes({ preStopSeconds: 0.5 })).toEqual([
      "preStopSeconds: 0.5 must be a whole number of seconds from 0",
    ]);
  });
});

describe("scheduling and identity", () => {
  it("passes on where pods may run", async () => {
    const tolerations = [{ key: "gpu", operator: "Exists" }] as const;
    const affinity = { podAntiAffinity: {} };
    const { spec } = await made({
      nodeSelector: { disk: "ssd" },
      affinity,
      spread: [
        "kubernetes.io/hostname",
        { topologyKey: "zone", maxSkew: 2, whenUnsatisfiable: "DoNotSchedule" },
      ],
      tolerations,
      priorityClassName: "high",
    });
    const labelSelector = { matchLabels: { app: "web" } };
    expect(spec).toMatchObject({
      nodeSelector: { disk: "ssd" },
      affinity,
      tolerations,
      priorityClassName: "high",
      topologySpreadConstraints: [
        {
          topologyKey: "kubernetes.io/hostname",
          maxSkew: 1,
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector,
        },
        { topologyKey: "zone", maxSkew: 2, whenUnsatisfiable: "DoNotSchedule", labelSelector },
      ],
    });
    expect(mistakes({ spread: [{ topologyKey: "", maxSkew: 0 }] })).toEqual([
      "spread[0].maxSkew: 0 must be a whole number from 1",
      'spread[0].topologyKey: "" must be a node label',
    ]);
  });

  it("gives the pod an identity, users and pull secrets where asked", async () => {
    const { spec, main } = await made({
      serviceAccountName: "reader",
      automountServiceAccountToken: true,
      enableServiceLinks: true,
      pullSecrets: ["registry", { name: "other" }],
      runAsUser: 101,
      runAsGroup: 102,
      fsGroup: 103,
      readOnlyRootFilesystem: false,
    });
    expect(spec).toMatchObject({
      serviceAccountName: "reader",
      automountServiceAccountToken: true,
      enableServiceLinks: true,
      imagePullSecrets: [{ name: "registry" }, { name: "other" }],
      securityContext: { runAsNonRoot: true, fsGroup: 103, fsGroupChangePolicy: "OnRootMismatch" },
    });
    expect(main.securityContext).toMatchObject({
      runAsUser: 101,
      runAsGroup: 102,
      readOnlyRootFilesystem: false,
    });
    expect(mistakes({ runAsUser: 0 })).toEqual([
      "runAsUser: 0 must be a whole number above 0: pods do not run as root",
    ]);
  });
});

describe("checksum of configuration", () => {
  const annotation = "slipway.dev/config-checksum";
  const sum = async (checksum: string) =>
    (
      await made({
        mounts: { "/a": { configMap: { name: "a", checksum } } },
        sidecars: {
          s: { image: "s:1", env: { X: { secretKeyRef: { name: { name: "b", checksum: "1" }, key: "k" } } } },
        },
      })
    ).annotations?.[annotation];

  it("changes with what is mounted or read", async () => {
    expect(await sum("1")).toMatch(/^[0-9a-f]{16}$/);
    expect(await sum("1")).toBe(await sum("1"));
    expect(await sum("2")).not.toBe(await sum("1"));
  });

  it("is absent where no content is known, and leaves other annotations alone", async () => {
    const named = await made({ mounts: { "/a": { configMap: "a" } } });
    expect(named.annotations).toBeUndefined();
    const annotated = await made({ podAnnotations: { a: "b" } });
    expect(annotated.annotations).toEqual({ a: "b" });
  });
});

it("replaces its pods where it is told another restart, and says nothing of it otherwise", async () => {
  const annotations = async (args: Partial<PodArgs>) => (await made(args)).annotations;
  expect(await annotations({ restart: "2026-11-26" })).toEqual({ "slipway.dev/restart": "2026-11-26" });
  expect(await annotations({ restart: 2, podAnnotations: { a: "b" } })).toEqual({
    a: "b",
    "slipway.dev/restart": "2",
  });
  expect(await annotations({})).toBeUndefined();
});

it("checks ports", () => {
  expect(
    mistakes({
      ports: { HTTP: 80, http: 8080, again: 8080, dns: { port: 8080, protocol: "UDP" }, big: 70_000 },
    }),
  ).toEqual([
    "ports.HTTP: must be a port name: at most 15 of a-z, 0-9 and single -, with a letter, no - at the ends",
    "ports.again: 8080 is taken by http",
    "ports.big: 70000 must be from 1 to 65535",
  ]);
});
