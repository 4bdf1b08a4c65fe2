import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { type Recorded, type Recording, resolved } from "../mocks.ts";
import { appsOf, type Program, root, run, stackValues } from "./stack.ts";

const STACKS = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";

it("has three environments", () => {
  expect(STACKS.sort()).toEqual(["dev", "prod", "staging"]);
});

it.each(STACKS)("reads the stack file of %s", (stack) => {
  const config = readConfig({ project: "slipway", stack, values: stackValues(stack) });
  expect(config.apps.map(({ name }) => name)).toEqual(["api", "guide", "hello", "portal"]);
  expect(config.domain).toBe(`${stack}.slipway.test`);
});

it("is reached at a node where no load balancer is in front, unless it says where", async () => {
  const at = async (stack: string, endpoint: object): Promise<string> => {
    const { value } = await run(stack, { endpoint });
    return (await resolved(value.endpoint)).address;
  };
  expect(await at("dev", { nodeAddress: "192.0.2.1" })).toBe("192.0.2.1");
  expect(await at("dev", { nodeAddress: "192.0.2.1", address: "127.0.0.1" })).toBe("127.0.0.1");
  expect(await at("prod", { nodeAddress: "192.0.2.1" })).toBe("");
});

it("publishes dev's apps at the node ports", async () => {
  const { value } = await run("dev");
  expect(await resolved(value.urls)).toEqual({
    api: "https://apps.test.slipway.test:31971/api",
    guide: "https://apps.test.slipway.test:31971/guide",
    hello: "https://hello.test.slipway.test:31971",
    portal: "https://portal.test.slipway.test:31971",
  });
  expect(await resolved(value.endpoint)).toEqual({ address: "", http: 30_350, https: 31_971 });
  expect(await resolved(value.ingressClass)).toBe("slipway-test");
  expect(await resolved(value.caCertificate ?? "")).toBe("certificate of authority-certificate");
});

it("leaves the port out of prod's URLs, where it is https' own", async () => {
  const { value } = await run("prod");
  expect(await resolved(value.urls)).toMatchObject({ portal: "https://portal.test.slipway.test" });
});

it("leads host and path to the app, stripped, over TLS of its own, after the app's pods and Traefik are there", async () => {
  const made = await run("dev");
  expect(made.one(ROUTE, "api-route").inputs).toMatchObject({
    metadata: { name: "api", namespace: "slipway-test" },
    spec: {
      ingressClassName: "slipway-test",
      entryPoints: ["websecure"],
      tls: { secretName: "apps.test.slipway.test-tls" },
      routes: [
        {
          match: "Host(`apps.test.slipway.test`) && (Path(`/api`) || PathPrefix(`/api/`))",
          middlewares: [{ name: "strip-api" }],
          services: [{ name: "api", port: 80 }],
        },
      ],
    },
  });
  expect(made.one("slipway:route:Route", "api").dependsOn).toContain("platform-traefik-chart");
  // On its Service and on its Deployment.
  expect(made.one(ROUTE, "api-route").dependsOn.filter((name) => name === "api")).toHaveLength(2);
  expect(
    made.one("tls:index/certRequest:CertRequest", "slipway-test-apps.test.slipway.test-tls-request").inputs,
  ).toMatchObject({
    dnsNames: ["apps.test.slipway.test"],
  });
});

interface Pods {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly env?: readonly { name: string; value?: unknown }[] }[];
      };
    };
  };
}

const env = ({ inputs }: Recorded): Record<string, unknown> => {
  const { env = [] } = (inputs as unknown as Pods).spec.template.spec.containers[0] ?? {};
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
};

it("tells an app its prefix where it is stripped, and nowhere else", async () => {
  const made = await run("dev");
  expect(env(made.one(DEPLOYMENT, "api"))).toMatchObject({
    UVICORN_ROOT_PATH: "/api",
    FORWARDED_ALLOW_IPS: "*",
    APP_TITLE: "Inventory",
  });
  expect(env(made.one(DEPLOYMENT, "hello"))).not.toHaveProperty("UVICORN_ROOT_PATH");
  expect(env(made.one(DEPLOYMENT, "guide"))).not.toHaveProperty("UVICORN_ROOT_PATH");
});

it("issues one certificate for a host, however many apps share it, and one for each namespace", async () => {
  const app = { image: "x:1", host: "shared", stripPrefix: true };
  const made = await run("dev", {
    apps: {
      a: { ...app, path: "/a" },
      b: { ...app, path: "/b" },
      c: { ...app, path: "/c", namespace: "team" },
    },
  });
  const place = ({ inputs }: Recorded) => inputs.metadata as { name: string; namespace: string };
  const secrets = made.all("kubernetes:core/v1:Secret").map(place);
  expect(secrets.map(({ name, namespace }) => `${namespace}/${name}`).sort()).toEqual([
    "slipway-test-team/shared.test.slipway.test-tls",
    "slipway-test/shared.test.slipway.test-tls",
  ]);
  const routes = made.all(ROUTE).filter(({ name }) => name.endsWith("-route"));
  expect(routes.map(({ inputs }) => (inputs.spec as { tls: unknown }).tls)).toEqual(
    Array(3).fill({ secretName: "shared.test.slipway.test-tls" }),
  );
});

it("tells the certificate of each Secret: its hosts, its fingerprint and its end", async () => {
  const app = { image: "x:1", host: "shared" };
  const { value } = await run("dev", { apps: { a: app, b: { ...app, path: "/b", namespace: "team" } } });
  const issued = {
    hosts: ["shared.test.slipway.test"],
    // Of nothing: the mock's certificate is none.
    fingerprint: createHash("sha256")
      .digest("hex")
      .toUpperCase()
      .replace(/..(?!$)/g, "$&:"),
    validityEnd: "2036-01-01T00:00:00Z",
  };
  expect(await resolved(value.certificates)).toEqual({
    "slipway-test-team/shared.test.slipway.test-tls": issued,
    "slipway-test/shared.test.slipway.test-tls": issued,
  });
});

it("makes middlewares that are the same once for a namespace", async () => {
  const app = { image: "x:1", path: "/x", stripPrefix: true };
  const made = await run("dev", { apps: { a: app, b: app, c: { ...app, path: "/y" } } });
  const middlewares = made.all("kubernetes:traefik.io/v1alpha1:Middleware");
  expect(middlewares.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort()).toEqual([
    "strip-x",
    "strip-y",
  ]);
});

it("takes no more than six resources for an app on a host that others have, too", async () => {
  const app = { image: "x:1", host: "shared", stripPrefix: true };
  const count = async (names: readonly string[]) => {
    const apps = Object.fromEntries(names.map((name) => [name, { ...app, path: `/${name}` }]));
    return (await run("dev", { apps })).resources.length;
  };
  expect((await count(["a", "b", "c"])) - (await count(["a"]))).toBe(12);
});

it("deletes what lives in a namespace with it, without a request for each object, but for pods and the routes to them", async () => {
  const made = await run("dev");
  const routes = made.all(ROUTE).filter(({ name }) => name.endsWith("-route"));
  for (const alone of [made.all(DEPLOYMENT), routes])
    expect(alone.map(({ deletedWith }) => deletedWith)).toEqual(["", "", "", ""]);
  const deletedWith = (name: string) =>
    made.resources
      .filter(({ inputs }) => (inputs.metadata as { namespace?: string } | undefined)?.namespace === name)
      .filter((resource) => resource.type !== DEPLOYMENT && !routes.includes(resource))
      .map((resource) => resource.deletedWith.split("::").at(-1));
  expect(new Set(deletedWith("slipway-test"))).toEqual(new Set(["slipway-test"]));
  expect(new Set(deletedWith("slipway-test-traefik"))).toEqual(new Set(["platform-traefik-namespace"]));
});

it("ends all pods at the same time: they are equally deep, and Pulumi deletes by depth", async () => {
  const made = await run("dev", {
    registry: "registry.example.com",
    registryAuth: { username: "u", password: "p" },
    apps: {
      ...appsOf("dev"),
      plain: { image: "x:1" },
      secret: { image: "x:1", secretEnv: { TOKEN: "t" } },
      stored: { image: "x:1", claims: { data: { storage: "1Gi" } }, mounts: { "/data": { claim: "data" } } },
      canary: { image: "x:1", canary: { image: "x:2", weight: 10 } },
    },
  });
  const depth = ({ parent, dependsOn }: Recorded): number => {
    const above = made.resources.filter(({ type, name }) => parent.endsWith(`${type}::${name}`));
    const needed = made.resources.filter(({ type, name }) => isObject(type) && dependsOn.includes(name));
    return 1 + Math.max(-1, ...[...above, ...needed].map(depth));
  };
  const chart = depth(made.one("kubernetes:helm.sh/v4:Chart"));
  const pods = made.all(DEPLOYMENT);
  expect(pods).toHaveLength(9);
  expect(new Set(pods.map(depth))).toEqual(new Set([chart + 1]));
});

const isObject = (type: string): boolean => !type.startsWith("slipway:");

it("uses one provider, which updates renewed certificates in place", async () => {
  const made = await run("dev");
  expect(made.one("pulumi:providers:kubernetes").inputs).toEqual({
    clusterIdentifier: "kubernetes",
    enableSecretMutable: "true",
    enableConfigMapMutable: "true",
  });
  const others = made.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(new Set(others.map(({ provider }) => provider.split("::").at(-2)))).toEqual(new Set(["kubernetes"]));
});

it("names namespaces after project and stack, and has them refuse pods that are not restricted", async () => {
  const made = await run("dev", { apps: { a: { image: "x:1" }, b: { image: "x:1", namespace: "team" } } });
  const namespaces = made.all("kubernetes:core/v1:Namespace").map(({ inputs }) => inputs.metadata as never);
  expect(namespaces).toHaveLength(3);
  for (const metadata of namespaces) {
    expect(metadata).toMatchObject({ labels: { "pod-security.kubernetes.io/enforce": "restricted" } });
  }
  expect(namespaces.map(({ name }) => name as string).sort()).toEqual([
    "slipway-test",
    "slipway-test-team",
    "slipway-test-traefik",
  ]);
});

it("protects the namespaces of a stack that asks for it, and nothing else", async () => {
  const kept = async (changes: object): Promise<string[]> =>
    (await run("prod", { ...changes })).resources
      .filter(({ protect }) => protect)
      .map(({ type, name }) => `${type} ${name}`);
  expect(await kept({})).toEqual([]);
  const found = await kept({ protect: true });
  expect(found.every((id) => id.startsWith("kubernetes:core/v1:Namespace "))).toBe(true);
  expect(found).toHaveLength(2);
});

it("labels every object with project, stack and expiry", async () => {
  const made = await run("prod", { expires: "2027-01-31" });
  const objects = made.resources.filter(({ inputs }) => "metadata" in inputs);
  expect(objects.length).toBeGreaterThan(20);
  const bare = objects.filter(({ inputs }) => {
    const { labels = {} } = inputs.metadata as { labels?: Record<string, string> };
    return ["project", "stack", "expires"].some((label) => labels[`slipway.dev/${label}`] === undefined);
  });
  expect(bare.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});

it("takes node ports of the range that the cluster was made with", async () => {
  const apps = { a: { image: "a:1", nodePort: 35_001, exposure: { kind: "nodePort" } } };
  const traefik = { service: { type: "NodePort" }, web: { nodePort: 35_000 } };
  const made = await run("dev", { endpoint: { nodePortRange: "30000-36000" }, traefik, apps });
  expect(made.one("kubernetes:core/v1:Service", "a").inputs).toMatchObject({
    spec: { ports: [{ nodePort: 35_001 }] },
  });
  expect(made.one("kubernetes:helm.sh/v4:Chart").inputs).toMatchObject({
    values: { ports: { web: { nodePort: 35_000 } } },
  });
});

it("shows every object in preview, none of them made once something else is known", async () => {
  const names = (made: Recording<Program>) =>
    made.resources.map(({ type, name }) => `${type} ${name}`).sort();
  expect(names(await run("prod", {}, { preview: true }))).toEqual(names(await run("prod")));
});

it("changes one object when the number of replicas changes", async () => {
  const inputsOf = (made: Recording<Program>) =>
    new Map(made.resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));
  const apps = appsOf("dev");
  const before = inputsOf(await run("dev"));
  const changed = await run("dev", { apps: { ...apps, api: { ...apps.api, replicas: 3 } } });
  const after = inputsOf(changed);
  const different = [...after].filter(([id, inputs]) => before.get(id) !== inputs).map(([id]) => id);
  expect(different).toEqual([`${DEPLOYMENT} api`]);
  expect([...before.keys()].sort()).toEqual([...after.keys()].sort());
});

it("keeps private keys out of everything but secrets", async () => {
  const made = await run("dev");
  const leaks = made.resources.filter(({ inputs, secrets, type }) => {
    if (type === "kubernetes:core/v1:Secret") return !secrets.includes("data");
    const open = Object.entries(inputs).filter(([key]) => !secrets.includes(key));
    return JSON.stringify(open).includes("key of");
  });
  expect(leaks).toEqual([]);
  const { readme, endpoint, urls, certificates } = made.value;
  expect(JSON.stringify(await resolved(pulumi.all([readme, endpoint, urls, certificates])))).not.toContain(
    "key of",
  );
});

it("gives the portal the other apps, their health by Service, and the authority's certificate", async () => {
  const made = await run("dev");
  const config = made.one("kubernetes:core/v1:ConfigMap", "portal-files").inputs as {
    data: Record<string, string>;
  };
  const { data } = config;
  const page = JSON.parse(data["config.json"] ?? "{}") as { apps: { name: string; url: string }[] };
  expect(page.apps.map(({ name }) => name)).toEqual(["api", "guide", "hello"]);
  expect(page.apps[0]).toMatchObject({ title: "Inventory", url: "https://apps.test.slipway.test:31971/api" });
  expect(data["health.conf"]).toContain("http://api.slipway-test.svc.$cluster_domain:80/readyz");
  expect(data["ca.crt"]).toContain("certificate of authority-certificate");
  const ends = made.one("kubernetes:core/v1:ConfigMap", "portal-certificates").inputs as typeof config;
  // The portal's own is among them, though it is issued later.
  expect(JSON.parse(ends.data["certificates.json"] ?? "[]")).toEqual(
    ["apps", "hello", "portal"].map((host) => ({
      hosts: [`${host}.test.slipway.test`],
      validityEnd: "2036-01-01T00:00:00Z",
    })),
  );
  expect(made.one(DEPLOYMENT, "portal").inputs).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              volumeMounts: expect.arrayContaining([
                expect.objectContaining({ mountPath: "/srv/portal", readOnly: true }),
              ]) as never,
            },
          ],
        },
      },
    },
  });
});

it("records the deployment in its readme", async () => {
  const { value } = await run("dev", { endpoint: { address: "198.18.77.2" }, expires: "2027-01-31" });
  const page = await resolved(value.readme);
  for (const text of [
    "# slipway · test",
    "It may be taken down after 2027-01-31.",
    "| Inventory | <https://apps.test.slipway.test:31971/api> | `slipway-fastapi:",
    "add them to `/etc/hosts` (Windows: `%SystemRoot%\\System32\\drivers\\etc\\hosts`):",
    "198.18.77.2 apps.test.slipway.test hello.test.slipway.test portal.test.slipway.test",
    "curl --cacert ca.crt --connect-to ::198.18.77.2: https://apps.test.slipway.test:31971/api",
    "signed by **slipway test CA**, which is valid until 2036-01-01T00:00:00Z",
    "| hello.test.slipway.test | 2036-01-01T00:00:00Z | `E3:B0:C4:42:",
    "| Traefik | v3.7.11 |",
    "pulumi destroy --stack test",
  ]) {
    expect(page).toContain(text);
  }
});

it("records what runs and is not published, too", async () => {
  const workload = { kind: "cronJob", schedule: "0 3 * * *" };
  const { value } = await run("dev", {
    apps: {
      report: { image: "r:1", workload },
      agent: { image: "a:1", route: false, workload: { kind: "daemonSet" } },
    },
  });
  const page = await resolved(value.readme);
  expect(page).toContain("| report | CronJob, `0 3 * * *` | `r:1` |");
  expect(page).toContain("| agent | DaemonSet | `a:1` |");
});

it("tells how a proxy serves the ports that no node listens on", async () => {
  const trust = { proxyProtocol: { trustedIPs: ["192.0.2.10/32"] } };
  const { value } = await run("dev", {
    endpoint: { address: "192.0.2.10", nodeAddress: "192.0.2.1" },
    traefik: {
      service: { type: "NodePort" },
      web: { nodePort: 30_350, exposedPort: 80 },
      websecure: { nodePort: 31_971, exposedPort: 443, ...trust },
      ports: { dns: { port: 5353, exposedPort: 53, nodePort: 30_353, protocol: "UDP" } },
    },
  });
  expect(await resolved(value.urls)).toMatchObject({ api: "https://apps.test.slipway.test/api" });
  const page = await resolved(value.readme);
  expect(/^## The proxy in front\n\n(.*?)^## /ms.exec(page)?.[1])
    .toBe(`A proxy takes port 53 to node port 30353, \
port 80 to node port 30350, port 443 to node port 31971. For nginx with its stream module, in \`nginx.conf\`, with a \
\`server\` line for each node:

\`\`\`nginx
stream {
    upstream dns {
        server 192.0.2.1:30353;
    }
    server {
        listen 53 udp;
        proxy_pass dns;
        proxy_connect_timeout 2s;
    }
    upstream web {
        server 192.0.2.1:30350;
    }
    server {
        listen 80;
        proxy_pass web;
        proxy_connect_timeout 2s;
    }
    upstream websecure {
        server 192.0.2.1:31971;
    }
    server {
        listen 443;
        proxy_pass websecure;
        proxy_connect_timeout 2s;
        proxy_protocol on;
    }
}
\`\`\`

It passes TLS on as it is. Traefik takes the proxy for the client at web; \`proxyProtocol.trustedIPs\` with the proxy's \
address there, and \`service.externalTrafficPolicy: Local\`, keep the client's.

`);
});

it("serves plain http, with no certificates and no redirect, where a gateway in front ends TLS", async () => {
  const made = await run("dev", { tls: { enabled: false } });
  expect(made.resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
  expect(made.all("kubernetes:core/v1:Secret")).toEqual([]);
  expect(made.one(ROUTE, "api-route").inputs.spec).toMatchObject({ entryPoints: ["web"] });
  expect(made.one(ROUTE, "api-route").inputs.spec).not.toHaveProperty("tls");
  expect(await resolved(made.value.urls)).toMatchObject({ api: "http://apps.test.slipway.test:30350/api" });
  expect(JSON.stringify(made.one("kubernetes:helm.sh/v4:Chart").inputs)).not.toContain("redirections");
  expect(made.value.caCertificate).toBeUndefined();
});

it("makes prod of several pods, budgets, and RSA keys for a hundred years", async () => {
  const made = await run("prod");
  expect(made.one("tls:index/privateKey:PrivateKey", "authority-key").inputs).toEqual({
    algorithm: "RSA",
    rsaBits: 4096,
  });
  expect(made.one("tls:index/selfSignedCert:SelfSignedCert").inputs).toMatchObject({
    validityPeriodHours: 36_500 * 24,
  });
  expect(
    made.one(
      "tls:index/locallySignedCert:LocallySignedCert",
      "slipway-test-apps.test.slipway.test-tls-certificate",
    ).inputs,
  ).toMatchObject({
    validityPeriodHours: 3650 * 24,
  });
  expect(made.one(DEPLOYMENT, "api").inputs).toMatchObject({ spec: { replicas: 3 } });
  expect(
    made
      .all("kubernetes:policy/v1:PodDisruptionBudget")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["api", "guide", "hello", "portal"]);
  expect(made.one("kubernetes:helm.sh/v4:Chart").inputs).toMatchObject({
    values: { service: { spec: { type: "LoadBalancer" } } },
  });
});

it("keeps dev, staging and prod apart by node ports too", () => {
  const ports = ["dev", "staging"].flatMap((stack) => {
    const { traefik } = readConfig({ project: "slipway", stack, values: stackValues(stack) });
    return [traefik.web?.nodePort, traefik.websecure?.nodePort];
  });
  expect(new Set(ports).size).toBe(4);
  expect(ports).not.toContain(undefined);
});

it("divides requests between an app and its canary, and has no trace of one that is gone", async () => {
  const apps = appsOf("dev");
  const made = await run("dev", {
    apps: { ...apps, hello: { ...apps.hello, canary: { image: "hello:2", weight: 25 } } },
  });
  expect(made.one(ROUTE, "hello-route").inputs.spec).toMatchObject({
    routes: [
      {
        services: [
          { name: "hello", weight: 75 },
          { name: "hello-canary", weight: 25 },
        ],
      },
    ],
  });
  // On its Service and on its Deployment: a weight counts once the pods are ready.
  const { dependsOn } = made.one(ROUTE, "hello-route");
  expect(dependsOn.filter((name) => name === "hello-canary")).toHaveLength(2);
  expect(JSON.stringify(made.one(DEPLOYMENT, "hello-canary").inputs)).toContain('"image":"hello:2"');
  const without = await run("dev");
  expect(JSON.stringify(without.resources.map(({ inputs }) => inputs))).not.toContain("canary");
});

it("hands secret variables over by a Secret, and a registry's password too", async () => {
  const apps = { shop: { image: "shop:1", secretEnv: { TOKEN: "hidden" } } };
  const made = await run("dev", {
    apps,
    registry: "registry.example/lab",
    registryAuth: { username: "ci", password: "hidden" },
  });
  const secrets = made.all("kubernetes:core/v1:Secret");
  expect(secrets.map(({ name }) => name).sort()).toEqual([
    "shop-env",
    "slipway-test-registry",
    "slipway-test-shop.test.slipway.test-tls",
  ]);
  for (const { secrets: hidden } of secrets) expect(hidden).toContain("data");
  const deployment = made.one(DEPLOYMENT, "shop").inputs;
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          imagePullSecrets: [{ name: "registry" }],
          containers: [
            { env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "shop-env", key: "TOKEN" } } }] },
          ],
        },
      },
    },
  });
  expect(JSON.stringify(deployment)).not.toContain("hidden");
});

it("pulls Traefik's image with the account of the registry that it is in, and of no other", async () => {
  const from = (registry: string) =>
    run("dev", {
      registry: "registry.example/lab",
      registryAuth: { username: "ci", password: "hidden" },
      traefik: { image: { registry } },
    });
  const made = await from("registry.example/mirror");
  const chart = made.one("kubernetes:helm.sh/v4:Chart");
  expect(chart.inputs).toMatchObject({
    values: { deployment: { imagePullSecrets: [{ name: "registry" }] } },
  });
  expect(chart.dependsOn).toContain("platform-traefik-registry");
  expect(JSON.stringify(chart.inputs)).not.toContain("hidden");
  expect(made.one("kubernetes:core/v1:Secret", "platform-traefik-registry").inputs).toMatchObject({
    metadata: { name: "registry", namespace: "slipway-test-traefik" },
  });
  const other = await from("mirror.example");
  expect(other.all("kubernetes:core/v1:Secret").map(({ name }) => name)).not.toContain(
    "platform-traefik-registry",
  );
});

it("gives the files of an app's volumes to its group", async () => {
  const mounts = { "/data": { claim: "data" } };
  const made = await run("dev", { apps: { a: { image: "x:1", runAsUser: 1000, fsGroup: 2000, mounts } } });
  expect(made.one(DEPLOYMENT, "a").inputs).toMatchObject({
    spec: {
      template: {
        spec: {
          securityContext: { fsGroup: 2000, fsGroupChangePolicy: "OnRootMismatch" },
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
        },
      },
    },
  });
});

it("keeps an app's pods on the nodes that its affinity says", async () => {
  const matchExpressions = [{ key: "disk", operator: "In", values: ["ssd"] }];
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
  const made = await run("dev", { apps: { a: { image: "x:1", affinity } } });
  expect(made.one(DEPLOYMENT, "a").inputs).toMatchObject({ spec: { template: { spec: { affinity } } } });
});

it("makes the middlewares that apps name, in the namespace of each", async () => {
  const made = await run("dev", {
    middlewares: {
      limit: { rateLimit: { average: 10 } },
      both: { chain: { middlewares: ["limit"] } },
      unused: { compress: {} },
    },
    apps: {
      a: { image: "x:1", middlewares: ["both"] },
      b: { image: "x:1", namespace: "team", middlewares: ["limit"] },
    },
  });
  const placed = made.all("kubernetes:traefik.io/v1alpha1:Middleware").map(({ inputs }) => {
    const { name, namespace } = inputs.metadata as { name: string; namespace: string };
    return `${namespace}/${name}`;
  });
  expect(placed.sort()).toEqual(["slipway-test-team/limit", "slipway-test/both", "slipway-test/limit"]);
  expect(made.one(ROUTE, "a-route").inputs.spec).toMatchObject({
    routes: [{ middlewares: [{ name: "both" }] }],
  });
});

it("asks another service over TLS whether requests may pass", async () => {
  const forwardAuth = {
    address: "https://auth.shop.svc/verify",
    tls: { caSecret: "auth-ca", certSecret: "auth-client" },
  };
  const made = await run("dev", {
    middlewares: { login: { forwardAuth } },
    apps: { a: { image: "x:1", middlewares: ["login"] } },
  });
  expect(made.one("kubernetes:traefik.io/v1alpha1:Middleware").inputs.spec).toEqual({ forwardAuth });
});

describe("publishes an app by another kind of route", () => {
  const app = { image: "x:1", host: "shop" };

  it("an Ingress", async () => {
    const made = await run("dev", { apps: { shop: { ...app, kind: "ingress" } } });
    expect(made.one("kubernetes:networking.k8s.io/v1:Ingress").inputs).toMatchObject({
      spec: {
        ingressClassName: "slipway-test",
        tls: [{ secretName: "shop.test.slipway.test-tls" }],
        rules: [{ host: "shop.test.slipway.test" }],
      },
    });
  });

  it("an Ingress with annotations of ingress-nginx, for a Traefik that reads them", async () => {
    const nginx = { "rewrite-target": "/$2", "use-regex": true };
    const made = await run("dev", {
      apps: { shop: { ...app, kind: "ingress", pathType: "regex", path: "/v1(/|$)(.*)", nginx } },
    });
    expect(JSON.stringify(made.all("kubernetes:networking.k8s.io/v1:Ingress"))).toContain(
      '"nginx.ingress.kubernetes.io/rewrite-target":"/$2"',
    );
    expect(made.one("kubernetes:helm.sh/v4:Chart").inputs).toMatchObject({
      values: { providers: { kubernetesIngressNGINX: { enabled: true } } },
    });
  });

  it("an HTTPRoute with a Gateway of its own, on the port that Traefik listens on", async () => {
    const annotations = { "external-dns.kubernetes.io/target": "203.0.113.7" };
    const made = await run("dev", { apps: { shop: { ...app, kind: "httpRoute", annotations } } });
    for (const kind of ["Gateway", "HTTPRoute"])
      expect(made.one(`kubernetes:gateway.networking.k8s.io/v1:${kind}`).inputs).toMatchObject({
        metadata: { annotations },
      });
    expect(made.one("kubernetes:gateway.networking.k8s.io/v1:Gateway").inputs.spec).toEqual({
      gatewayClassName: "slipway-test",
      listeners: [
        {
          name: "websecure",
          port: 8443,
          protocol: "HTTPS",
          hostname: "shop.test.slipway.test",
          tls: {
            mode: "Terminate",
            certificateRefs: [{ group: "", kind: "Secret", name: "shop.test.slipway.test-tls" }],
          },
          allowedRoutes: { namespaces: { from: "Same" } },
        },
      ],
    });
    expect(made.one("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute").inputs.spec).toMatchObject({
      hostnames: ["shop.test.slipway.test"],
      parentRefs: [
        { group: "gateway.networking.k8s.io", kind: "Gateway", name: "shop", sectionName: "websecure" },
      ],
    });
    expect(made.one("kubernetes:helm.sh/v4:Chart").inputs).toMatchObject({
      values: { providers: { kubernetesGateway: { enabled: true } } },
    });
  });
});

it("shows the dashboard to those who may see it, on a host and with a certificate of its own", async () => {
  const dashboard = { host: "traefik", users: { admin: "hidden" }, allow: ["10.0.0.0/8"] };
  const made = await run("dev", { traefik: { service: { type: "NodePort" }, dashboard } });
  expect(
    made.one("kubernetes:traefik.io/v1alpha1:IngressRoute", "platform-dashboard-route-route").inputs,
  ).toMatchObject({
    metadata: { namespace: "slipway-test-traefik" },
    spec: { tls: { secretName: "dashboard-tls" }, entryPoints: ["websecure"] },
  });
  expect(
    made.one("tls:index/certRequest:CertRequest", "platform-dashboard-tls-request").inputs,
  ).toMatchObject({
    dnsNames: ["traefik.test.slipway.test"],
  });
  const open = made.resources.map(({ inputs, secrets }) =>
    Object.entries(inputs).filter(([key]) => !secrets.includes(key)),
  );
  expect(JSON.stringify(open)).not.toContain("hidden");
});

it("reads the ports that Kubernetes picks off Traefik's Service", async () => {
  const ports = [
    { name: "web", port: 80, nodePort: 30_111 },
    { name: "websecure", port: 443, nodePort: 30_222 },
  ];
  const made = await run(
    "dev",
    { traefik: { service: { type: "NodePort" } } },
    { rendered: () => [new kubernetes.core.v1.Service("traefik", { spec: { ports } })] },
  );
  expect(await resolved(made.value.endpoint)).toEqual({ address: "", http: 30_111, https: 30_222 });
  expect(await resolved(made.value.urls)).toMatchObject({ hello: "https://hello.test.slipway.test:30222" });
});
