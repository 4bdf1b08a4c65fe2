import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const { core, apps, networking, rbac, apiextensions } = {
  core: kubernetes.core.v1,
  apps: kubernetes.apps.v1,
  networking: kubernetes.networking.v1,
  rbac: kubernetes.rbac.v1,
  apiextensions: kubernetes.apiextensions,
};
const config = new pulumi.Config();
const changed = config.getBoolean("changed") === true;
const refused = config.getBoolean("refused") === true;
/** One of two things: before the change, and after it. */
const then = <T>(before: T, after: T): T => (changed ? after : before);

const stack = pulumi.getStack();
const named = (name: string, metadata: object = {}) => ({
  // Nobody is to wait for pods that are to run nowhere.
  metadata: { name, namespace: stack, annotations: { "pulumi.com/skipAwait": "true" }, ...metadata },
});

const namespace = new core.Namespace("namespace", {
  metadata: {
    name: stack,
    labels: { "pod-security.kubernetes.io/enforce": then("restricted", "privileged") },
  },
});
const options = { parent: namespace };

/** Pods that no node takes. */
const pods = (app: string, container: object, spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: {
    nodeSelector: { "shop.test/nowhere": "true" },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    ...spec,
    containers: [
      {
        name: app,
        image: "registry.example/shop:1.0",
        ports: [{ containerPort: 8080 }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...container,
      },
    ],
  },
});
const probe = { readinessProbe: { httpGet: { path: "/", port: 8080 } } };

const settings = new core.ConfigMap(
  "settings",
  {
    ...named("settings"),
    data: {
      "shop.conf": then(
        "title = Shop\nworkers = 2\ncolour = red\n",
        "title = Shop\nworkers = 4\ncolour = red\n",
      ),
      "signing.pem": `-----BEGIN PRIVATE KEY-----\n${then("MHcCAQEEIBefore", "MHcCAQEEIAfter")}\n-----END PRIVATE KEY-----\n`,
    },
  },
  options,
);
new apps.Deployment(
  "api",
  {
    ...named("api"),
    spec: {
      replicas: then(3, 2),
      selector: { matchLabels: { app: "api" } },
      template: pods("api", {
        ...probe,
        image: then("registry.example/shop:1.0", "registry.example/shop:latest"),
        env: [
          { name: "LOG_LEVEL", value: then("info", "debug") },
          {
            name: "API_TOKEN",
            value: then(
              "ghp_beforebeforebeforebeforebeforebefore",
              "ghp_afterafterafterafterafterafterafter0",
            ),
          },
          { name: "TITLE", valueFrom: { configMapKeyRef: { name: "settings", key: "shop.conf" } } },
        ],
      }),
    },
  },
  { parent: namespace, dependsOn: settings },
);
new apps.Deployment(
  "web",
  {
    ...named("web"),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: { app: "web" } },
      template: pods("web", { env: [{ name: "COLOUR", value: then("red", "blue") }] }),
    },
  },
  options,
);
new apps.Deployment(
  "search",
  {
    ...named("search"),
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: then("search", "search-next") } },
      template: pods(then("search", "search-next"), { name: "search" }),
    },
  },
  options,
);
new apps.StatefulSet(
  "db",
  {
    // The templates are one value, which the API server fills in: only the one who wrote it may apply it again.
    ...named(then("db", "database"), {
      annotations: { "pulumi.com/skipAwait": "true", "pulumi.com/patchFieldManager": "shop" },
    }),
    spec: {
      serviceName: "db",
      replicas: 1,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
      selector: { matchLabels: { app: "db" } },
      template: pods("db", { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: refused ? "2Gi" : "1Gi" } },
          },
        },
      ],
    },
  },
  options,
);
const claim = (size: string) => ({
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
});
if (!changed) new core.PersistentVolumeClaim("uploads", { ...named("uploads"), ...claim("1Gi") }, options);
new core.PersistentVolumeClaim(
  "reports",
  {
    ...named("reports"),
    spec: { ...claim("1Gi").spec, ...(refused && { accessModes: ["ReadWriteMany"] }) },
  },
  options,
);

const service = (name: string, app: string, spec: object = {}) =>
  new core.Service(
    app,
    {
      ...named(name),
      spec: { selector: { app }, ports: [{ name: "http", port: 80, targetPort: 8080 }], ...spec },
    },
    options,
  );
service("api", "api", then({}, { type: "NodePort" }));
service(then("web", "web-next"), "web");
service("search", "search", refused ? { clusterIP: "None" } : {});

const middleware = (name: string, spec: object) =>
  new apiextensions.CustomResource(
    name,
    { apiVersion: "traefik.io/v1alpha1", kind: "Middleware", ...named(name), spec },
    options,
  );
middleware("office", { ipAllowList: { sourceRange: then(["10.1.0.0/16"], ["10.0.0.0/8"]) } });
middleware("login", { basicAuth: { secret: "users" } });
new apiextensions.CustomResource(
  "strict",
  {
    apiVersion: "traefik.io/v1alpha1",
    kind: "TLSOption",
    ...named("strict"),
    spec: { minVersion: then("VersionTLS13", "VersionTLS12") },
  },
  options,
);
const route = (name: string, spec: object) =>
  new apiextensions.CustomResource(
    name,
    { apiVersion: "traefik.io/v1alpha1", kind: "IngressRoute", ...named(name), spec },
    options,
  );
route("shop", {
  entryPoints: then(["websecure"], ["websecure", "web"]),
  routes: [
    {
      kind: "Rule",
      match: "Host(`shop.test`) && (Path(`/api`) || PathPrefix(`/api/`))",
      services: [{ name: "api", port: 80 }],
      middlewares: then([{ name: "office" }, { name: "login" }], [{ name: "office" }]),
    },
    {
      kind: "Rule",
      match: then("Host(`shop.test`)", "Host(`shop.test`) || Host(`www.shop.test`)"),
      services: [{ name: "web", port: 80 }],
    },
  ],
  ...then({ tls: { secretName: "shop-tls", options: { name: "strict" } } }, {}),
});
if (!changed)
  route("search", {
    entryPoints: ["websecure"],
    tls: {},
    routes: [{ kind: "Rule", match: "Host(`search.test`)", services: [{ name: "search", port: 80 }] }],
  });
new networking.Ingress(
  "status",
  {
    ...named("status"),
    spec: {
      ingressClassName: "shop",
      tls: [{ hosts: ["status.test"] }],
      rules: [
        {
          host: "status.test",
          http: {
            paths: [
              {
                path: then("/", "/status"),
                pathType: "Prefix",
                backend: { service: { name: "web", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
  options,
);

const key = (name: string) => new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" });
const authorityKey = key("authority");
const authority = new tls.SelfSignedCert("authority", {
  privateKeyPem: authorityKey.privateKeyPem,
  isCaCertificate: true,
  allowedUses: ["cert_signing", "crl_signing"],
  subject: { commonName: then("Shop", "Shop, renewed") },
  validityPeriodHours: 24 * 365,
});
const leafKey = key("shop");
const request = new tls.CertRequest("shop", {
  privateKeyPem: leafKey.privateKeyPem,
  dnsNames: ["shop.test"],
  subject: { commonName: "shop.test" },
});
const leaf = new tls.LocallySignedCert("shop", {
  caCertPem: authority.certPem,
  caPrivateKeyPem: authorityKey.privateKeyPem,
  certRequestPem: request.certRequestPem,
  allowedUses: ["server_auth"],
  validityPeriodHours: 24 * 90,
});
const base64 = (text: pulumi.Input<string>) =>
  pulumi.output(text).apply((known) => Buffer.from(known).toString("base64"));
new core.Secret(
  "shop-tls",
  {
    ...named("shop-tls"),
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(leaf.certPem), "tls.key": pulumi.secret(base64(leafKey.privateKeyPem)) },
  },
  options,
);
const password = new random.RandomPassword("password", { length: then(20, 24) });
new core.Secret(
  "users",
  { ...named("users"), stringData: { users: pulumi.interpolate`anna:${password.bcryptHash}` } },
  options,
);

new rbac.Role(
  "reader",
  {
    ...named("reader"),
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: then(["get"], ["get", "delete"]) }],
  },
  options,
);
const classOf = (name: string) =>
  new networking.IngressClass(name, {
    metadata: {
      name: `${stack}-class`,
      annotations: { "ingressclass.kubernetes.io/is-default-class": String(then(false, true)) },
    },
    spec: { controller: "shop.test/none" },
  });
classOf("class");
if (changed) new core.ConfigMap("news", { ...named("news"), data: { text: "none" } }, options);
