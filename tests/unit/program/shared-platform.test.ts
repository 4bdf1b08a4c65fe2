import { beforeAll, describe, expect, it } from "vitest";

import { readConfig } from "../../../program/config.ts";
import { type Recorded, resolved } from "../mocks.ts";
import { run, sourceOf } from "./stack.ts";

const PLATFORM = "organization/slipway/platform";
const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";

type Data = Record<string, unknown>;

/** The outputs of a platform's stack, which the mocks name `test`. */
async function shared(changes: Data = {}): Promise<Data> {
  const { value } = await run("dev", { apps: {}, platform: { shared: true }, ...changes });
  const outputs = {
    platform: await resolved(value.platform),
    authorityKey: await resolved(value.authorityKey),
  };
  return JSON.parse(JSON.stringify(outputs)) as Data;
}

const labelsOf = ({ inputs }: Recorded): Data => (inputs.metadata as { labels: Data }).labels;

/** A stack on that platform. */
const onPlatform = async (changes: Data = {}, outputs?: Data) =>
  run(
    "dev",
    {
      traefik: {},
      platform: { stack: PLATFORM },
      apps: { shop: { image: "x:1", host: "shop.test", path: "/a", stripPrefix: true } },
      ...changes,
    },
    { referenced: { [PLATFORM]: outputs ?? (await shared()) } },
  );

describe("a shared platform", () => {
  it("tells other stacks what their routes need, and the authority's key as a secret", async () => {
    const { value } = await run("dev", { apps: {}, platform: { shared: true } });
    expect(await resolved(value.platform as never)).toEqual({
      project: "slipway",
      stack: "test",
      namespace: "slipway-test-traefik",
      ingressClass: "slipway-test",
      nginxIngressClass: undefined,
      gatewayClass: undefined,
      endpoint: { address: "", http: 30_350, https: 31_971 },
      httpsPort: 31_971,
      entryPoints: { web: { port: 8000 }, websecure: { port: 8443 } },
      authority: {
        commonName: "slipway test CA",
        certificate: "certificate of authority-certificate",
        validityEnd: "2036-01-01T00:00:00Z",
      },
      teams: {},
    });
    expect(await resolved(value.authorityKey as never)).toBe("key of authority-key");
    const { authorityKey } = value as unknown as { authorityKey: { isSecret: Promise<boolean> } };
    expect(await authorityKey.isSecret).toBe(true);
  });

  it("reads the objects of every stack that is on it, by one label", async () => {
    const made = await run("dev", { apps: {}, platform: { shared: true } });
    const { values } = made.one("kubernetes:helm.sh/v4:Chart").inputs as { values: Data };
    expect(values.providers).toMatchObject({
      kubernetesCRD: { labelSelector: "slipway.dev/platform=slipway-test" },
      kubernetesIngress: { labelSelector: "slipway.dev/platform=slipway-test" },
    });
    expect(values.commonLabels).toMatchObject({ "slipway.dev/platform": "slipway-test" });
    expect(labelsOf(made.one(ROUTE, "platform-traefik-ready"))).toMatchObject({
      "slipway.dev/platform": "slipway-test",
      "slipway.dev/stack": "test",
    });
  });

  it("is deleted from its deepest end, where others on it are asked for", async () => {
    const made = await run("dev", { platform: { shared: true } });
    const { inputs, dependsOn } = made.one("kubernetes:core/v1:ConfigMap", "platform");
    expect(inputs).toMatchObject({
      metadata: { name: "platform", namespace: "slipway-test-traefik" },
      data: { ingressClass: "slipway-test", "ca.crt": "certificate of authority-certificate" },
    });
    // Every app with all that is in it.
    for (const name of ["api", "guide", "hello", "portal", "api-route"]) expect(dependsOn).toContain(name);
    expect((await run("dev")).all("kubernetes:core/v1:ConfigMap").map(({ name }) => name)).toEqual([
      "portal-files",
      "portal-certificates",
    ]);
  });

  it("hands its key to nobody where it is not shared", async () => {
    const { value } = await run("dev");
    expect(Object.keys(value).sort()).toEqual([
      "caCertificate",
      "certificates",
      "endpoint",
      "ingressClass",
      "readme",
      "urls",
    ]);
  });
});

describe("a stack on another one's platform", () => {
  let made: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    made = await onPlatform();
  });

  it("makes no Traefik, no class and no authority", () => {
    expect(made.all("kubernetes:helm.sh/v4:Chart")).toEqual([]);
    expect(made.all("slipway:traefik:Traefik")).toEqual([]);
    expect(made.all("tls:index/selfSignedCert:SelfSignedCert")).toEqual([]);
    expect(made.all("kubernetes:core/v1:Namespace").map(({ name }) => name)).toEqual(["slipway-test"]);
  });

  it("has routes that the platform's Traefik reads, in a namespace of its own", () => {
    const { inputs } = made.one(ROUTE, "shop-route");
    expect(inputs).toMatchObject({
      metadata: {
        namespace: "slipway-test",
        labels: { "slipway.dev/platform": "slipway-test", "slipway.dev/stack": "test" },
      },
      spec: {
        ingressClassName: "slipway-test",
        entryPoints: ["websecure"],
        tls: { secretName: "shop.test-tls" },
      },
    });
  });

  it("has certificates that the platform's authority signs, whose key is secret", () => {
    const { inputs, secrets } = made.one("tls:index/locallySignedCert:LocallySignedCert");
    expect(inputs).toMatchObject({
      caPrivateKeyPem: "key of authority-key",
      caCertPem: "certificate of authority-certificate",
      validityPeriodHours: 365 * 24,
    });
    expect(secrets).toContain("caPrivateKeyPem");
  });

  it("publishes its apps where the platform is reached", async () => {
    expect(await resolved(made.value.urls)).toEqual({ shop: "https://shop.test:31971/a" });
    expect(await resolved(made.value.caCertificate ?? "")).toBe("certificate of authority-certificate");
    expect(await resolved(made.value.ingressClass)).toBe("slipway-test");
    expect(await resolved(made.value.readme)).toContain("signed by **slipway test CA**");
    expect(made.value).not.toHaveProperty("platform");
    expect(made.value).not.toHaveProperty("authorityKey");
  });

  it("serves plain http where the platform does", async () => {
    const outputs = await shared({ tls: { enabled: false } });
    expect(outputs).not.toHaveProperty("authorityKey");
    const { value, resources } = await onPlatform({}, outputs);
    expect(await resolved(value.urls)).toEqual({ shop: "http://shop.test:30350/a" });
    expect(resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
  });

  it("is refused where the other stack shares none", async () => {
    await expect(onPlatform({}, {})).rejects.toThrow(
      `platform.stack: "${PLATFORM}" shares no platform: set platform.shared there, and run its up`,
    );
  });
});

describe("a platform with teams", () => {
  const teams = { blue: {}, green: { namespaces: ["data"], groups: ["oidc:green"] } };
  let made: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    made = await run("dev", { apps: {}, platform: { teams } });
  });

  it("has a namespace for each team, and those it asks for beside it", async () => {
    const names = made
      .all("kubernetes:core/v1:Namespace")
      .map(({ inputs }) => (inputs.metadata as Data).name);
    expect(names.sort()).toEqual([
      "slipway-test-blue",
      "slipway-test-green",
      "slipway-test-green-data",
      "slipway-test-traefik",
    ]);
    expect(labelsOf(made.one("kubernetes:core/v1:Namespace", "slipway-test-blue"))).toMatchObject({
      "slipway.dev/team": "blue",
      "slipway.dev/platform": "slipway-test",
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(await resolved(made.value.platform as never)).toMatchObject({
      teams: { blue: ["slipway-test-blue"], green: ["slipway-test-green", "slipway-test-green-data"] },
    });
  });

  it("lets a team write in its own namespaces, by an account that no pod of its own can take", () => {
    const account = made.one("kubernetes:core/v1:ServiceAccount", "platform-team-blue-account").inputs;
    expect(account.metadata).toMatchObject({ name: "team-blue", namespace: "slipway-test-traefik" });
    expect(account.automountServiceAccountToken).toBe(false);
    const bindings = made.all("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").map(({ inputs }) => ({
      namespace: (inputs.metadata as Data).namespace,
      role: inputs.roleRef,
      subjects: inputs.subjects,
    }));
    const role = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "slipway-team" };
    const of = (team: string) => ({
      kind: "ServiceAccount",
      name: `team-${team}`,
      namespace: "slipway-test-traefik",
    });
    const group = { kind: "Group", name: "oidc:green", apiGroup: "rbac.authorization.k8s.io" };
    expect(bindings.sort((a, b) => String(a.namespace).localeCompare(String(b.namespace)))).toEqual([
      { namespace: "slipway-test-blue", role, subjects: [of("blue")] },
      { namespace: "slipway-test-green", role, subjects: [of("green"), group] },
      { namespace: "slipway-test-green-data", role, subjects: [of("green"), group] },
    ]);
  });

  it("lets no team write what reaches beyond its namespaces", () => {
    const rules = made
      .all("kubernetes:rbac.authorization.k8s.io/v1:Role")
      .flatMap(({ inputs }) => inputs.rules as { resources: string[]; verbs: string[] }[]);
    const writable = rules
      .filter(({ verbs }) => verbs.includes("create"))
      .flatMap(({ resources }) => resources);
    expect(writable).toContain("ingressroutes");
    const beyond = [
      "tlsoptions",
      "tlsstores",
      "roles",
      "rolebindings",
      "networkpolicies",
      "endpoints",
      "endpointslices",
    ];
    for (const resource of [...beyond, "namespaces", "resourcequotas", "*"])
      expect(writable).not.toContain(resource);
    const wide = made.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "platform-teams-names");
    const verbs = (wide.inputs.rules as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
    expect(new Set(verbs)).toEqual(new Set(["get", "list"]));
  });
});

describe("a stack of a team", () => {
  /** On a platform with a team blue, and neither Gateway API nor ingress-nginx. */
  const ofTeam = async (team: string, apps: Data) => {
    const { platform, authorityKey } = await shared();
    const teams = { blue: ["slipway-platform-blue", "slipway-platform-blue-data"] };
    const outputs = { platform: { ...(platform as Data), teams }, authorityKey };
    return onPlatform({ platform: { stack: PLATFORM, team }, apps }, outputs);
  };

  it("lives in the namespaces that the platform made, and makes none", async () => {
    const app = { image: "x:1" };
    const made = await ofTeam("blue", { shop: app, store: { ...app, namespace: "data" } });
    expect(made.all("kubernetes:core/v1:Namespace")).toEqual([]);
    const places = made.all(ROUTE).map(({ inputs }) => (inputs.metadata as Data).namespace);
    expect(places).toEqual(["slipway-platform-blue", "slipway-platform-blue-data"]);
    expect(made.all(ROUTE).map(({ deletedWith }) => deletedWith)).toEqual(["", ""]);
  });

  it("is refused what the platform has not, all at once", async () => {
    const apps = {
      a: { image: "x:1", namespace: "other" },
      b: { image: "x:1", kind: "httpRoute" },
      c: { image: "x:1", kind: "ingress", nginx: { "use-regex": true } },
    };
    await expect(ofTeam("blue", apps)).rejects.toThrow(
      [
        `platform ${PLATFORM}:`,
        '  apps.a.namespace: "slipway-platform-blue-other" is no namespace of team blue, there are: slipway-platform-blue, slipway-platform-blue-data',
        `  apps.b.kind: "httpRoute" needs traefik.providers.kubernetesGateway in the stack ${PLATFORM}`,
        `  apps.c.nginx: needs traefik.providers.kubernetesIngressNGINX in the stack ${PLATFORM}`,
      ].join("\n"),
    );
    await expect(ofTeam("red", {})).rejects.toThrow(
      `platform.team: "red" is no team of ${PLATFORM}, there are: blue`,
    );
  });
});

describe("in a stack file", () => {
  const refusal = (config: Data, site?: string) => {
    try {
      readConfig(sourceOf(config, { site }));
      return [];
    } catch (error) {
      return (error as Error).message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    }
  };

  it("says nothing of a platform's making beside the name of another stack", () => {
    const platform = { stack: PLATFORM, shared: true };
    const tls = { enabled: false, authority: { commonName: "x" }, algorithm: "RSA" };
    const belongs = `belongs to ${PLATFORM}, whose platform it is`;
    expect(refusal({ platform, traefik: { replicas: 2 }, endpoint: { address: "a.test" }, tls })).toEqual([
      `platform.shared: ${belongs}`,
      `endpoint: ${belongs}`,
      `traefik: ${belongs}`,
      `tls.enabled: ${belongs}`,
      `tls.authority: ${belongs}`,
    ]);
  });

  it("names another stack in full", () => {
    for (const stack of ["platform", "slipway/platform", "organization/slipway/"]) {
      expect(refusal({ platform: { stack } })).toEqual([
        `platform.stack: "${stack}" must be a stack's full name, as in organization/slipway/platform`,
      ]);
    }
    expect(refusal({ platform: { stack: "organization/slipway/test" } })).toEqual([
      'platform.stack: "organization/slipway/test" is this stack itself: leave it out',
    ]);
  });

  it("names teams and their namespaces so that no two are one", () => {
    const teams = { "a-b": {}, a: { namespaces: ["b", "B"] }, "x y": {} };
    const label = "must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends";
    expect(refusal({ platform: { teams } })).toEqual([
      `platform.teams.a.namespaces[1]: "B" ${label}`,
      'platform.teams.a: "slipway-test-a-b" is a namespace of teams.a-b, too: rename one',
      `platform.teams.x y: ${label}`,
    ]);
    expect(refusal({ platform: { team: "a" } })).toEqual([
      'platform.team: "a" needs platform.stack, whose team it is',
    ]);
  });
});
