import { describe, expect, it } from "vitest";

import { findings } from "../../../policy/findings.ts";
import { podOf } from "../../../policy/objects.ts";
import { rules } from "../../../policy/rules/index.ts";
import { readSettings } from "../../../policy/settings.ts";
import { describeRef, type KubernetesObject, refOf } from "../../../kubernetes/object.ts";

const stack = { project: "shop", stack: "dev" };
const labels = { "app.kubernetes.io/managed-by": "pulumi" };

const container = {
  name: "web",
  image: "registry.test:5000/web:1.2",
  readinessProbe: { httpGet: { port: 80 } },
  resources: { requests: { cpu: "1", memory: "1" }, limits: { cpu: "1", memory: "1" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
};

const podSpec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
};

const deployment = (spec: object = {}, change: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", labels },
  spec: {
    selector: { matchLabels: { "app.kubernetes.io/name": "web" } },
    template: { spec: { ...podSpec, containers: [{ ...container, ...change }], ...spec } },
  },
});

const object = (kind: string, fields: object = {}, metadata: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "shop-dev", labels, ...metadata },
  ...fields,
});

const namespace = object(
  "Namespace",
  {},
  { name: "shop", labels: { ...labels, "pod-security.kubernetes.io/enforce": "restricted" } },
);
const secret = object(
  "Secret",
  { data: { token: Buffer.from("swordfish-1").toString("base64"), "tls.crt": "Y2VydGlmaWNhdGU=" } },
  { namespace: "shop" },
);
const role = object("ClusterRole", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] });

/** Objects that keep every rule. */
const good = [namespace, deployment(), secret, role];

/** What breaks a rule, as lines. */
const broken = (objects: readonly KubernetesObject[], settings: object = {}): readonly string[] =>
  findings(objects, { stack, settings: readSettings(settings) }).map(
    ({ rule, object, message }) => `${rule} · ${object}: ${message}`,
  );

const WEB = "Deployment shop/web: container web";

describe("rules", () => {
  it("say nothing of objects that keep them", () => {
    expect(broken(good)).toEqual([]);
  });

  it("are each broken by something below, and have names of their own", () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual([...names].sort());
  });

  const cases: readonly (readonly [
    rule: string,
    offender: KubernetesObject,
    message: string,
    settings?: object,
  ])[] = [
    [
      "pod-security",
      deployment({ hostNetwork: true }),
      "Deployment shop/web: pod must not set hostNetwork=true (restricted: hostNamespaces)",
    ],
    [
      "least-privilege",
      deployment(
        {},
        {
          securityContext: {
            ...container.securityContext,
            capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
          },
        },
      ),
      `${WEB} must set securityContext.capabilities to {drop: ["ALL"]}`,
    ],
    [
      "least-privilege",
      deployment(
        {},
        { securityContext: { ...container.securityContext, seccompProfile: { type: "Localhost" } } },
      ),
      `${WEB} must set securityContext.seccompProfile.type=RuntimeDefault`,
    ],
    [
      "read-only-root",
      deployment({}, { securityContext: { ...container.securityContext, readOnlyRootFilesystem: null } }),
      `${WEB} must set securityContext.readOnlyRootFilesystem=true`,
    ],
    [
      "bounded-resources",
      deployment({}, { resources: { requests: { cpu: "1", memory: "1" }, limits: { memory: "1" } } }),
      `${WEB} must set resources.limits.cpu`,
    ],
    [
      "fixed-images",
      deployment({}, { image: "registry.test:5000/web" }),
      `${WEB} must name a version of its image: registry.test:5000/web`,
    ],
    [
      "fixed-images",
      deployment({}, { image: "web:latest" }),
      `${WEB} must name a version of its image: web:latest`,
    ],
    [
      "fixed-images",
      deployment(),
      `${WEB} must name its image by digest: registry.test:5000/web:1.2`,
      { "fixed-images": { digest: true } },
    ],
    ["readiness-probes", deployment({}, { readinessProbe: null }), `${WEB} must have a readinessProbe`],
    [
      "needed-tokens",
      deployment({ automountServiceAccountToken: null }),
      "Deployment shop/web: must set automountServiceAccountToken=false",
    ],
    [
      "stable-selectors",
      object("Service", { spec: { selector: { version: "2" } } }),
      "Service shop-dev: must not select by version",
    ],
    [
      "stable-selectors",
      deployment(),
      "Deployment shop/web: must not select by app.kubernetes.io/name",
      { "stable-selectors": { allowed: ["app"] } },
    ],
    [
      "required-labels",
      object("Service", {}, { labels: null }),
      "Service shop-dev: must carry app.kubernetes.io/managed-by",
    ],
    [
      "namespace-security",
      object("Namespace", {}, { name: "open" }),
      "Namespace open: must be labelled pod-security.kubernetes.io/enforce=restricted",
    ],
    [
      "own-namespaces",
      object("Service", {}, { namespace: "other" }),
      "Service other/shop-dev: must lie in one of shop",
    ],
    [
      "no-default-class",
      object("IngressClass", {}, { annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } }),
      "IngressClass shop-dev: must not be annotated ingressclass.kubernetes.io/is-default-class=true",
    ],
    [
      "scoped-names",
      object("IngressClass", {}, { name: "traefik" }),
      "IngressClass traefik: must have shop-dev in its name",
    ],
    [
      "encoded-secrets",
      object("Secret", { stringData: { token: "x" } }),
      "Secret shop-dev: must have data in place of stringData",
    ],
    [
      "kept-secrets",
      object("ConfigMap", { data: { url: "https://anna:swordfish-1@host" } }),
      "ConfigMap shop-dev: must not hold what is in Secret shop/shop-dev token",
    ],
    [
      "named-rights",
      object("ClusterRole", { rules: [{ apiGroups: ["*"], resources: ["pods"], verbs: ["get"] }] }),
      "ClusterRole shop-dev: must name what is allowed in place of *: get of */pods",
    ],
    [
      "read-only-rights",
      object("Role", {
        rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] }],
      }),
      "Role shop-dev: must not allow more than to read: get, patch of apps/deployments",
    ],
  ];

  it.each(cases.map(([rule, offender, message, settings = {}]) => ({ rule, offender, message, settings })))(
    "$rule: $message",
    ({ rule, offender, message, settings }) => {
      const others = good.filter((one) => describeRef(refOf(one)) !== describeRef(refOf(offender)));
      expect(broken([...others, offender], settings)).toEqual([`${rule} · ${message}`]);
    },
  );

  it("leave a pod its token where its service account has rights, and a status to who serves it", () => {
    const account = { kind: "ServiceAccount", name: "reader", namespace: "shop" };
    const binding = object("ClusterRoleBinding", { subjects: [account] });
    const pod = deployment({ automountServiceAccountToken: null, serviceAccountName: "reader" });
    const status = object("ClusterRole", {
      rules: [{ apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["update"] }],
    });
    expect(broken([pod, binding, status])).toEqual([]);
    const off = object(
      "ServiceAccount",
      { automountServiceAccountToken: false },
      { name: "reader", namespace: "shop" },
    );
    expect(broken([pod, off])).toEqual([]);
  });

  it("find the pods of every kind that makes some", () => {
    const job = object("CronJob", { spec: { jobTemplate: { spec: { template: { spec: podSpec } } } } });
    for (const one of [deployment(), job, object("Pod", { spec: podSpec })])
      expect(podOf(one)?.spec.containers[0]?.name).toBe("web");
    expect(podOf(object("Certificate", { spec: { template: { spec: {} } } }))).toBeUndefined();
    // What ends by itself is never asked whether it is ready.
    const once = { ...container, readinessProbe: null };
    expect(
      broken([
        object(
          "Job",
          { spec: { template: { spec: { ...podSpec, containers: [once] } } } },
          { namespace: "shop" },
        ),
      ]),
    ).toEqual([]);
  });
});

describe("settings", () => {
  it("set a rule's level by itself, or that of all others; mandatory ones come first", () => {
    const pod = deployment({}, { image: "web", readinessProbe: null });
    const levels = (settings: object) =>
      findings([pod], { settings: readSettings(settings) }).map(({ rule, level }) => `${rule} ${level}`);
    expect(levels({})).toEqual(["fixed-images mandatory", "readiness-probes advisory"]);
    expect(levels({ all: "disabled", "readiness-probes": "mandatory" })).toEqual([
      "readiness-probes mandatory",
    ]);
    expect(
      levels({ "fixed-images": { enforcementLevel: "advisory" }, "readiness-probes": "mandatory" }),
    ).toEqual(["readiness-probes mandatory", "fixed-images advisory"]);
  });

  it("tell every mistake at once", () => {
    const wrong = {
      "fixed-image": "advisory",
      "pod-security": { level: "strict" },
      "read-only-root": "must",
    };
    expect(() => readSettings(wrong, "dev.json")).toThrow(
      /^dev\.json:\n {2}fixed-image: "advisory" is not a rule; there are all, .*\n {2}pod-security\.level: .*\n {2}read-only-root: "must" must be one of advisory, mandatory, disabled$/,
    );
    expect(() => readSettings([])).toThrow("must be an object");
    expect(() => readSettings({ "pod-security": { levels: "restricted" } })).toThrow("pod-security");
  });
});
