import { describe, expect, it } from "vitest";

import { widened } from "../../../../cli/review/marks/cidr.ts";
import { isMoving } from "../../../../cli/review/marks/images.ts";
import { reportOf } from "../../../../cli/review/report.ts";
import { marks, marksIn, previewOf, step } from "./preview.ts";

const pods = (container: object = {}, spec: object = {}) => ({
  metadata: { labels: { app: "it" } },
  spec: { ...spec, containers: [{ name: "it", image: "it:1", ...container }] },
});
const probed = { readinessProbe: { httpGet: { path: "/", port: 80 } } };
const deployment = (replicas: number | undefined, container: object = probed, strategy: object = {}) => ({
  spec: { ...(replicas !== undefined && { replicas }), template: pods(container), ...strategy },
});
const service = (spec: object = {}) => ({
  spec: { selector: { app: "it" }, ports: [{ port: 80 }], ...spec },
});
const update = (kind: string, before: object, after: object) =>
  step("update", kind, before as Record<string, unknown>, after as Record<string, unknown>);

describe("data loss", () => {
  it("is a Namespace that goes with its claims", () => {
    const claim = step("delete", "PersistentVolumeClaim", { spec: {} });
    const namespace = step("delete", "Namespace", { metadata: { name: "shop" } });
    expect(marks("data-loss", namespace, claim)).toContain(
      "danger: every claim in it goes, also those of others: it",
    );
  });

  it("is a definition that goes with every object of its kind", () => {
    expect(
      marks(
        "data-loss",
        step("delete", "CustomResourceDefinition", { spec: { names: { kind: "Middleware" } } }),
      ),
    ).toEqual(["danger: every Middleware of the whole cluster is deleted with it"]);
  });

  it("is no deletion that leaves the object in the cluster", () => {
    const kept = step("delete", "PersistentVolumeClaim", { spec: {} });
    const retained = {
      ...kept,
      old: { ...kept.old, type: "kubernetes:core/v1:PersistentVolumeClaim", retainOnDelete: true },
    };
    expect(marks("data-loss", retained)).toEqual([]);
    expect(marks("delete", retained)).toEqual([
      "notice: the stack forgets it; it stays in the cluster with its data, and nothing uses or removes it",
    ]);
  });

  const set = (more: object) => ({
    spec: { replicas: 3, volumeClaimTemplates: [{ metadata: { name: "data" } }], template: pods(), ...more },
  });
  it("is a StatefulSet that deletes claims when it gets smaller", () => {
    const policy = { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } };
    expect(marks("data-loss", update("StatefulSet", set(policy), set({ ...policy, replicas: 1 })))).toEqual([
      "danger: claims of the pods that go are deleted: persistentVolumeClaimRetentionPolicy.whenScaled is Delete",
    ]);
    expect(marks("data-loss", update("StatefulSet", set({}), set({ replicas: 1 })))).toEqual([]);
  });

  it("is not a StatefulSet that is made anew under its name: its claims are found again", () => {
    expect(marks("data-loss", step("replace", "StatefulSet", set({}), set({ serviceName: "x" })))).toEqual(
      [],
    );
  });

  it("is a claim that pods no longer use", () => {
    const volume = { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "uploads" } }] };
    const before = { spec: { template: pods({}, volume) } };
    expect(marks("data-loss", update("Deployment", before, { spec: { template: pods() } }))).toEqual([
      "warning: its pods no longer use the claim uploads",
    ]);
  });
});

describe("downtime", () => {
  const image = { ...probed, image: "it:2" };
  it.each([
    ["none with two pods", deployment(2), deployment(2, image), []],
    [
      "a notice with one pod that is replaced without a gap",
      deployment(undefined),
      deployment(undefined, image),
      [
        "notice: it has one pod: the new one has to be ready before the old one ends, and there is no other if it fails",
      ],
    ],
    [
      "with one pod and no probe",
      deployment(1, {}),
      deployment(1, { image: "it:2" }),
      ["danger: it has one pod and no readiness probe: requests go to the new pod before it can answer"],
    ],
    [
      "where all may be missing",
      deployment(2),
      deployment(2, image, { strategy: { rollingUpdate: { maxUnavailable: "100%" } } }),
      ["danger: its strategy lets all 2 pods end at the same time"],
    ],
    ["when no pod is left", deployment(2), deployment(0), ["danger: no pod is left, of 2"]],
    [
      "when one is left",
      deployment(3),
      deployment(1),
      ["warning: one pod is left, of 3: when its node goes, nobody answers"],
    ],
  ] as const)("is %s", (_, before, after, expected) => {
    expect(marks("downtime", update("Deployment", before, after))).toEqual(expected);
  });

  it("counts the pods that an autoscaler keeps", () => {
    const scaler = { spec: { minReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "it" } } };
    const same = step("same", "HorizontalPodAutoscaler", scaler, scaler);
    expect(
      marks("downtime", update("Deployment", deployment(undefined), deployment(undefined, image)), same),
    ).toEqual([]);
  });

  it("is a Service made anew, one that selects nothing, and one that a route no longer finds a port of", () => {
    const workload = step("same", "Deployment", deployment(2), deployment(2));
    expect(marks("downtime", step("replace", "Service", service(), service({ clusterIP: "None" })))).toEqual([
      "danger: nobody reaches its pods between the deletion and the creation, and its addresses may be others",
    ]);
    expect(
      marks("downtime", update("Service", service(), service({ selector: { app: "other" } })), workload),
    ).toEqual(["danger: its selector matches no pods of the stack any more"]);
    const route = (port: number) => ({
      spec: { routes: [{ match: "Host(`a.test`)", services: [{ name: "it", port }] }] },
    });
    const same = step("same", "Service", service(), service());
    expect(marks("downtime", update("IngressRoute", route(80), route(81)), same)).toEqual([
      "danger: it leads to port 81 of Service shop/it, which has none such",
    ]);
    const moved = service({ ports: [{ name: "http", port: 8080 }] });
    expect(
      marks("downtime", update("Service", service(), moved), update("IngressRoute", route(80), route(8080))),
    ).toEqual([
      "warning: clients get 404 until the routes to its port 80 are changed as well, a moment later",
    ]);
  });
});

describe("exposure", () => {
  it.each([
    [
      "a node port",
      service(),
      service({ type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] }),
      ["warning: opens node port 30080"],
    ],
    [
      "a load balancer",
      service(),
      service({ type: "LoadBalancer" }),
      ["warning: opens load balancer, port 80"],
    ],
    [
      "an external IP",
      service(),
      service({ externalIPs: ["192.0.2.1"] }),
      ["warning: opens external IP 192.0.2.1"],
    ],
    [
      "source ranges that go",
      service({ type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] }),
      service({ type: "LoadBalancer" }),
      ["danger: spec.loadBalancerSourceRanges goes: anybody may come in, not only 10.0.0.0/8"],
    ],
    [
      "nothing, for a port less",
      service({ type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] }),
      service(),
      [],
    ],
  ] as const)("is %s", (_, before, after, expected) => {
    expect(marks("exposure", update("Service", before, after))).toEqual(expected);
  });

  it("is a network policy that goes", () => {
    expect(marks("exposure", step("delete", "NetworkPolicy", { spec: {} }))).toEqual([
      "danger: the pods that it guards take any connection that no other policy forbids",
    ]);
  });

  it("is a middleware that protects no longer", () => {
    const route = {
      metadata: { name: "route" },
      spec: {
        entryPoints: ["web"],
        routes: [{ match: "Host(`a.test`)", middlewares: [{ name: "it" }], services: [] }],
      },
    };
    const same = step("same", "IngressRoute", route, route);
    const login = { spec: { basicAuth: { secret: "users" } } };
    expect(marks("exposure", update("Middleware", login, { spec: { headers: {} } }), same)).toEqual([
      "danger: http://a.test loses passwords",
    ]);
  });

  it("is an argument of Traefik's that opens something", () => {
    const args = (...more: string[]) =>
      deployment(2, { ...probed, args: ["--entryPoints.web.address=:80", ...more] });
    expect(
      marks(
        "exposure",
        update("Deployment", args(), args("--api.insecure=true", "--entryPoints.db.address=:5432")),
      ),
    ).toEqual([
      "warning: opens Traefik's API without a password (--api.insecure) and entry point db at :5432",
    ]);
  });

  it("is pods that are called without looking at their certificates", () => {
    expect(
      marks("exposure", update("ServersTransport", { spec: {} }, { spec: { insecureSkipVerify: true } })),
    ).toEqual(["danger: TLS gets weaker: the certificates of the pods behind it are not verified any more"]);
  });
});

it("compares ranges, and not texts", () => {
  expect(widened(["10.0.0.0/8"], ["10.1.0.0/16", "10.0.0.1", "11.0.0.0/8", "0.0.0.0/0"])).toEqual([
    "11.0.0.0/8",
    "0.0.0.0/0",
  ]);
  expect(widened(["2001:db8::/32"], ["2001:db8:1::/48", "2001:db9::/48", "::ffff:10.0.0.1"])).toEqual([
    "2001:db9::/48",
    "::ffff:10.0.0.1",
  ]);
  expect(widened(["10.0.0.0/8", "office"], ["office", "home"])).toEqual(["home"]);
});

describe("rights", () => {
  const role = (...rules: object[]) => ({ rules });
  const rule = (verbs: string[], resources: string[], apiGroups = [""]) => ({ apiGroups, resources, verbs });
  it.each([
    [
      "a verb",
      role(rule(["get"], ["pods"])),
      role(rule(["get", "list"], ["pods"])),
      ["warning: allows list pods"],
    ],
    ["everything", role(rule(["get"], ["pods"])), role(rule(["*"], ["*"], ["*"])), ["danger: allows * *.*"]],
    ["nothing new below a star", role(rule(["*"], ["pods"])), role(rule(["get"], ["pods"])), []],
    ["fewer", role(rule(["get", "list"], ["pods"])), role(rule(["get"], ["pods"])), []],
  ] as const)("are %s", (_, before, after, expected) => {
    expect(marks("rights", update("ClusterRole", before, after))).toEqual(expected);
  });

  it("are what a binding gives", () => {
    const binding = {
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "ci", namespace: "shop" }],
    };
    expect(marks("rights", step("create", "RoleBinding", undefined, binding))).toEqual([
      "danger: allows ServiceAccount shop/ci what ClusterRole cluster-admin says",
    ]);
  });

  it("are what a pod may do to its node", () => {
    const secure = {
      securityContext: {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      },
    };
    const loose = {
      securityContext: {
        ...secure.securityContext,
        privileged: true,
        capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      },
    };
    const host = {
      spec: {
        template: pods(loose, { hostNetwork: true, volumes: [{ name: "h", hostPath: { path: "/" } }] }),
      },
    };
    expect(marks("rights", update("DaemonSet", { spec: { template: pods(secure) } }, host))).toEqual([
      "danger: allows hostNetwork to its pods, its pods the node's / (hostPath), container it to be privileged and container it NET_ADMIN",
    ]);
  });
});

describe("certificates", () => {
  const tls = (op: string, kind: string, before: object, after?: object) => {
    const type = `tls:index/${kind}:${kind}`;
    return {
      op,
      urn: `urn:pulumi:test::shop::${type}::it`,
      old: { type, custom: true, inputs: before },
      ...(after && { new: { type, custom: true, inputs: after } }),
    };
  };
  it("are a leaf, an authority that goes, and a key that gets weaker", () => {
    expect(marks("certificate", tls("replace", "LocallySignedCert", {}, {}))).toEqual([
      "warning: a certificate is issued anew",
    ]);
    expect(marks("certificate", tls("delete", "SelfSignedCert", { isCaCertificate: true }))).toEqual([
      "danger: an authority goes: nothing can be issued by it any more",
    ]);
    const key = (rsaBits: number) => ({ algorithm: "RSA", rsaBits });
    expect(marks("certificate", tls("replace", "PrivateKey", key(4096), key(2048)))).toEqual([
      "danger: a private key is issued anew, and is weaker (RSA 2048 instead of RSA 4096)",
    ]);
  });
});

describe("a route whose certificate Traefik gets by itself", () => {
  const route = (tls?: object) => ({ spec: { entryPoints: ["websecure"], ...(tls && { tls }) } });
  const ingress = (annotations: object) => ({ metadata: { annotations } });
  const router = "traefik.ingress.kubernetes.io/router.tls";
  const mark =
    "danger: Traefik's resolver acme gets its certificate, and begins once it has the route: until then clients are shown one of Traefik's own, and refuse it";

  it("is without one that clients trust at first, where it had one", () => {
    const resolved = route({ certResolver: "acme" });
    expect(marks("certificate", update("IngressRoute", route({ secretName: "tls" }), resolved))).toEqual([
      mark,
    ]);
    expect(marks("certificate", update("IngressRoute", route({ certResolver: "other" }), resolved))).toEqual([
      mark,
    ]);
    const [was, will] = [{ [router]: "true" }, { [router]: "true", [`${router}.certresolver`]: "acme" }];
    expect(marks("certificate", update("Ingress", ingress(was), ingress(will)))).toEqual([mark]);
  });

  it("has nothing to lose without TLS, nor by another change", () => {
    const resolved = route({ certResolver: "acme" });
    expect(marks("certificate", update("IngressRoute", route(), resolved))).toEqual([]);
    const further = { spec: { ...resolved.spec, entryPoints: ["other"] } };
    expect(marks("certificate", update("IngressRoute", resolved, further))).toEqual([]);
    expect(marks("certificate", update("IngressRoute", resolved, route({ secretName: "tls" })))).toEqual([]);
  });
});

describe("cert-manager's Certificate", () => {
  const certificate = (spec: object = {}) => ({
    spec: {
      secretName: "shop-tls",
      dnsNames: ["a.test", "b.test"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
      ...spec,
    },
  });
  const route = step(
    "same",
    ...([
      "IngressRoute",
      ...Array<object>(2).fill({
        spec: {
          entryPoints: ["websecure"],
          routes: [{ match: "Host(`a.test`)", services: [{ name: "it", port: 80 }] }],
          tls: { secretName: "shop-tls" },
        },
      }),
    ] as [string, Record<string, unknown>, Record<string, unknown>]),
  );
  const changed = (spec: object) => step("update", "Certificate", certificate(), certificate(spec));

  it("of another issuer has to be trusted anew", () => {
    const issuerRef = { group: "cert-manager.io", kind: "Issuer", name: "own" };
    expect(marks("certificate", changed({ issuerRef }), route)).toEqual([
      "danger: Issuer own issues it instead of ClusterIssuer letsencrypt: clients of a.test and b.test have to trust whoever that is",
    ]);
  });

  it("for fewer hosts is refused by clients of those that are served, and for more is late", () => {
    expect(marks("certificate", changed({ dnsNames: ["b.test"] }), route)).toEqual([
      "danger: it is for a.test no longer: clients who ask for that refuse it",
    ]);
    expect(marks("certificate", changed({ dnsNames: ["a.test"] }), route)).toEqual([
      "warning: it is for b.test no longer",
    ]);
    expect(marks("certificate", changed({ dnsNames: ["a.test", "b.test", "c.test"] }), route)).toEqual([
      "warning: it is for c.test too, once it is issued anew: until then clients are shown the one before",
    ]);
  });

  it("in another Secret leaves the one before, and changed otherwise is issued anew", () => {
    expect(marks("certificate", changed({ secretName: "other" }), route)).toEqual([
      "warning: it is kept in Secret other instead of shop-tls, which stays and is not renewed",
    ]);
    expect(marks("certificate", changed({ privateKey: { algorithm: "RSA" } }), route)).toEqual([
      "warning: cert-manager's Certificate changes: it is issued anew",
    ]);
    const labelled = { ...certificate(), metadata: { labels: { a: "b" } } };
    expect(marks("certificate", step("update", "Certificate", certificate(), labelled), route)).toEqual([]);
  });

  it("goes, or is new", () => {
    expect(marks("certificate", step("delete", "Certificate", certificate()), route)).toEqual([
      "warning: cert-manager's Certificate goes: nobody renews that of a.test and b.test",
    ]);
    expect(marks("certificate", step("create", "Certificate", undefined, certificate()), route)).toEqual([]);
    expect(marks("certificate", step("delete", "ClusterIssuer", { spec: {} }))).toEqual([
      "danger: cert-manager's ClusterIssuer goes: what it has issued is not renewed",
    ]);
  });

  it("is felt at the URLs that its Secret is shown at", () => {
    const [report] = reportOf(previewOf(changed({ dnsNames: ["a.test"] }), route)).changes;
    expect(report?.urls).toEqual(["https://a.test"]);
  });
});

describe("pods that do not restart", () => {
  const reader = deployment(2, { ...probed, envFrom: [{ configMapRef: { name: "it" } }] });
  const change = update("ConfigMap", { data: { a: "1" } }, { data: { a: "2" } });
  it("keep what they have read from a ConfigMap", () => {
    expect(marks("stale", change, step("same", "Deployment", reader, reader))).toEqual([
      "warning: Deployment shop/it has it as environment variables, and its pods do not restart",
    ]);
  });

  it("are none where they restart as well", () => {
    const next = deployment(2, { ...probed, envFrom: [{ configMapRef: { name: "it" } }], image: "it:2" });
    expect(marks("stale", change, update("Deployment", reader, next))).toEqual([]);
  });
});

it("knows images whose tag moves", () => {
  expect(["nginx", "nginx:latest", "r.example:5000/nginx", "a/b:main"].filter(isMoving)).toHaveLength(4);
  expect(
    ["nginx:1.27", "r.example:5000/nginx:1.27", "nginx@sha256:0123", "nginx:latest@sha256:0123"].filter(
      isMoving,
    ),
  ).toEqual([]);
});

describe("shared objects", () => {
  it("are definitions and classes that change, and none that is only made", () => {
    const definition = { spec: { names: { kind: "X" } } };
    expect(marks("shared", step("create", "CustomResourceDefinition", undefined, definition))).toEqual([]);
    expect(marks("shared", step("delete", "CustomResourceDefinition", definition))).toEqual([
      "danger: every stack of the cluster has objects of this kind, or may have",
    ]);
  });
});

describe("policies and errors", () => {
  const changed = update("Deployment", deployment(2), deployment(2, { ...probed, image: "it:2" }));
  it("stand at the object they are about, and by themselves where it does not change", () => {
    const finding = { policy: "limits", pack: "house", mandatory: false, message: "has no limits" };
    const report = reportOf({
      ...previewOf(changed),
      findings: [
        { ...finding, urn: changed.urn },
        { ...finding, urn: "urn:other", mandatory: true },
      ],
      diagnostics: [{ severity: "error", urn: "", message: "preview failed" }],
      failed: true,
    });
    expect(marksIn(report, "policy")).toEqual(["warning: house/limits: has no limits"]);
    expect(report.general).toEqual([
      { kind: "policy", severity: "danger", reason: "house/limits: has no limits" },
    ]);
    expect(report.verdict).toBe("fails");
  });

  it("are told without the secrets in them", () => {
    const report = reportOf({
      ...previewOf(changed),
      diagnostics: [
        { severity: "error", urn: changed.urn, message: "cannot reach https://anna:swordfish@db.test" },
      ],
    });
    expect(marksIn(report, "refused")).toEqual(["danger: cannot reach https://anna:(hidden)@db.test"]);
  });
});

it("is one replacement where an alias gives the object another URN", () => {
  const replaced = step("replace", "Service", service(), { ...service(), metadata: { name: "new" } });
  const former = "urn:pulumi:test::shop::kubernetes:core/v1:Service::former";
  const old = { type: "kubernetes:core/v1:Service", custom: true, ...replaced.old, urn: former };
  const report = reportOf(previewOf({ op: "delete-replaced", urn: former, old }, { ...replaced, old }));
  expect(report.changes.map(({ title, formerTitle, urn }) => [title, formerTitle, urn])).toEqual([
    ["Service shop/new", "Service shop/it", replaced.urn],
  ]);
});

it("changes nothing, and says so", () => {
  const same = step("same", "Service", service(), service());
  expect(reportOf(previewOf(same))).toMatchObject({
    verdict: "unchanged",
    tally: { unchanged: 1 },
    changes: [],
  });
});
