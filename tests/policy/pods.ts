import fc from "fast-check";

import type { Pod } from "../../policy/pod-security/index.ts";

const sometimes = <T>(value: fc.Arbitrary<T>, freq = 6): fc.Arbitrary<T | null> => fc.option(value, { freq });

/** An object with some of these keys. */
const some = <T extends object>(keys: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(keys, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const rare = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, ...others.map((value) => fc.constant(value)));

const common = {
  runAsNonRoot: rare<boolean | null>(true, false, null),
  runAsUser: rare<number | null>(1000, 0, null),
  seccompProfile: rare<object | null>(
    { type: "RuntimeDefault" },
    { type: "Localhost", localhostProfile: "a.json" },
    { type: "Unconfined" },
    {},
    null,
  ),
  appArmorProfile: rare<object | null>(null, { type: "RuntimeDefault" }, { type: "Unconfined" }, {}),
  seLinuxOptions: rare<object | null>(
    null,
    {},
    { type: "container_engine_t" },
    { type: "spc_t" },
    { user: "u" },
    { role: "r" },
  ),
  windowsOptions: rare<object | null>(null, {}, { hostProcess: false }, { hostProcess: true }),
};

const capability = fc.constantFrom("NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN", "ALL", "net_raw");

const securityContext = some({
  ...common,
  allowPrivilegeEscalation: rare<boolean | null>(false, true, null),
  privileged: rare<boolean | null>(null, false, true),
  procMount: rare<string | null>(null, "Default", "Unmasked"),
  readOnlyRootFilesystem: fc.boolean(),
  capabilities: rare<object | null>({ drop: ["ALL"] }, null, {}, { drop: ["all"] }).chain((base) =>
    base === null
      ? fc.constant(null)
      : fc.oneof(
          { weight: 20, arbitrary: fc.constant(base) },
          fc.array(capability, { maxLength: 2 }).map((add) => ({ ...base, add })),
        ),
  ),
});

const restrictedContext = fc.constant({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
});

const handler = rare<object | null>(
  null,
  { httpGet: { port: 80 } },
  { httpGet: { port: 80, host: "" } },
  { httpGet: { port: 80, host: "elsewhere" } },
  { tcpSocket: { port: 80, host: "elsewhere" } },
  { exec: { command: ["true"] } },
);

const container = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constant("image:1"),
      securityContext: fc.oneof(
        { weight: 6, arbitrary: restrictedContext },
        { weight: 3, arbitrary: securityContext },
        fc.constant(null),
      ),
      ports: sometimes(fc.array(some({ hostPort: rare(0, 8080) }), { maxLength: 2 })),
      livenessProbe: handler,
      readinessProbe: handler,
      startupProbe: handler,
      lifecycle: sometimes(some({ postStart: handler, preStop: handler })),
    },
    { requiredKeys: ["name", "image"] },
  );

const containers = (prefix: string, minLength: number) =>
  fc
    .integer({ min: minLength, max: 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => container(`${prefix}${i}`))));

const volume = fc
  .oneof(
    ...["configMap", "emptyDir", "secret", "projected", "ephemeral", "downwardAPI"].map((type) => ({
      weight: 8,
      arbitrary: fc.constant({ [type]: {} }),
    })),
    fc.constant({ csi: { driver: "d" } }),
    fc.constant({ persistentVolumeClaim: { claimName: "c" } }),
    fc.constant({ image: { reference: "r" } }),
    fc.constant({ hostPath: { path: "/" } }),
    fc.constant({ nfs: { server: "s", path: "/" } }),
    fc.constant({ gitRepo: { repository: "r" } }),
    fc.constant({ emptyDir: null }),
    fc.constant({}),
  )
  .map((type) => ({ name: "v", ...type }));

const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/c0";

/** Pods near the border of what the standards let through, valid or not. */
export const pods: fc.Arbitrary<Pod> = fc.record({
  apiVersion: fc.constant("v1"),
  kind: fc.constant("Pod"),
  metadata: some({
    name: fc.constant("p"),
    annotations: sometimes(
      rare<Record<string, string>>(
        {},
        { [APP_ARMOR]: "" },
        { [APP_ARMOR]: "runtime/default" },
        { [APP_ARMOR]: "localhost/a" },
        { [APP_ARMOR]: "unconfined" },
      ),
    ),
  }),
  spec: fc.record(
    {
      containers: containers("c", 1),
      initContainers: sometimes(containers("i", 0)),
      ephemeralContainers: sometimes(containers("e", 0), 2),
      securityContext: sometimes(
        some({
          ...common,
          sysctls: rare<{ name: string; value: string }[] | null>(
            null,
            [{ name: "net.ipv4.tcp_rmem", value: "1" }],
            [{ name: "kernel.msgmax", value: "1" }],
          ),
        }),
      ),
      hostNetwork: rare(false, true),
      hostPID: rare(false, true),
      hostIPC: rare(false, true),
      hostUsers: rare<boolean | null>(null, true, false),
      os: rare<object | null>(null, { name: "linux" }, { name: "windows" }),
      volumes: sometimes(fc.array(volume, { maxLength: 3 })),
    },
    { requiredKeys: ["containers"] },
  ),
});
