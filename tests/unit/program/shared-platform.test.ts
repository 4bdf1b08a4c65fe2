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
  return {
    platform: await resolved(value.platform as never),
    ...(value.authorityKey && { authorityKey: await resolved(value.authorityKey) }),
  };
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
    expect(await resolved(value.authorityKey ?? "")).toBe("key of authority-key");
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

  it("hands its key to nobody where it is not shared", async () => {
    const { value } = await run("dev");
    expect(value.platform).toBeUndefined();
    expect(value.authorityKey).toBeUndefined();
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
    expect(made.value.platform).toBeUndefined();
    expect(made.value.authorityKey).toBeUndefined();
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
      `platform.shared: true ${belongs}`,
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
});
