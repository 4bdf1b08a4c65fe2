import { X509Certificate } from "node:crypto";

import { describe, expect, test } from "vitest";

import { curlCommand, portalConfig, portalFiles, type Portal } from "../../../apps/nginx/portal-files.ts";

// A throw-away authority; nobody has its key.
const pem = `-----BEGIN CERTIFICATE-----
MIIBhzCCAS2gAwIBAgIUTgu6ZJsnHCmpGvBMoucLEMtzQO0wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOU2xpcHdheSBkZXYgQ0EwHhcNMjYxMTIxMDk1MzM2WhcNMjYx
MjIxMDk1MzM2WjAZMRcwFQYDVQQDDA5TbGlwd2F5IGRldiBDQTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABM5oWCPAjBlX77ejfIvMcFDF//69p4T0DlRyPuiWTZUh
cKoWihl6h/xPG9zDMMJlPmx9+s9PIIdRi3AueenJ2P2jUzBRMB0GA1UdDgQWBBQU
mzTcHEtbwZuO9vRiY/nPee1blzAfBgNVHSMEGDAWgBQUmzTcHEtbwZuO9vRiY/nP
ee1blzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIDpBsLaQcuyz
5PxaciKYpzwNWuJhAzzZVesBYoAid/UbAiEArlyZBgZP4nPY0DPgI4JB+3SfkRqT
zpjhQHlOcc0V9Ws=
-----END CERTIFICATE-----
`;

const portal: Portal = {
  project: "slipway",
  stack: "dev",
  endpoint: { address: "198.51.100.7", http: 30350, https: 31971 },
  caCertificate: pem,
  apps: [
    {
      name: "api",
      title: "Inventory",
      url: "https://apps.example.test:31971/api",
      health: { service: "api", namespace: "slipway-dev-api", port: 80, path: "/healthz" },
    },
    { name: "elsewhere", url: "http://elsewhere.example.test/" },
  ],
};

describe("portalFiles", () => {
  test("ask each app's Service by a name that is resolved with the request", () => {
    expect(portalFiles(portal)["health.conf"]).toBe(`location = /health/api {
    set $health_url "http://api.slipway-dev-api.svc.$cluster_domain:80/healthz";
    include /etc/nginx/health-proxy.conf;
}
`);
  });

  test("tell the page where to ask, but no address of the cluster", () => {
    const text = portalFiles(portal)["config.json"];
    const config = JSON.parse(text) as ReturnType<typeof portalConfig>;
    expect(config.apps).toEqual([
      {
        name: "api",
        title: "Inventory",
        url: "https://apps.example.test:31971/api",
        curl: "curl --cacert ca.crt --connect-to ::198.51.100.7: https://apps.example.test:31971/api",
        health: "health/api",
      },
      {
        name: "elsewhere",
        title: "elsewhere",
        url: "http://elsewhere.example.test/",
        curl: "curl --connect-to ::198.51.100.7: http://elsewhere.example.test/",
      },
    ]);
    expect(text).not.toContain("slipway-dev-api");
    expect(text).not.toContain("CERTIFICATE");
  });

  test("hold the authority's certificate, and its fingerprint as browsers and openssl write it", () => {
    const files = portalFiles(portal);
    expect(files["ca.crt"]).toBe(pem);
    expect(portalConfig(portal).caFingerprint).toBe(new X509Certificate(pem).fingerprint256);
  });

  test("leave out the certificate where there is no authority", () => {
    const files = portalFiles({ project: "slipway", stack: "dev", apps: portal.apps });
    expect(Object.keys(files)).toEqual(["config.json", "health.conf"]);
    expect(files["config.json"]).not.toContain("caFingerprint");
    expect(files["config.json"]).not.toContain("--cacert");
  });

  test("let nothing but names and paths into nginx's configuration", () => {
    const [api] = portal.apps;
    const health = { service: "api", namespace: "n", port: 80, path: "/" };
    for (const wrong of [
      { name: "a b", health },
      { name: "api", health: { ...health, service: "x;y" } },
      { name: "api", health: { ...health, namespace: "N" } },
      { name: "api", health: { ...health, path: 'x"' } },
      { name: "api", health: { ...health, path: "/;return 200" } },
      { name: "api", health: { ...health, path: "/$host" } },
    ]) {
      expect(() => portalFiles({ ...portal, apps: [{ ...api, url: "http://x/", ...wrong }] })).toThrow(
        "portal:",
      );
    }
  });

  test("are complete without apps", () => {
    const files = portalFiles({ project: "slipway", stack: "empty", apps: [] });
    expect(files["health.conf"]).toBe("");
    expect(JSON.parse(files["config.json"])).toEqual({ project: "slipway", stack: "empty", apps: [] });
  });
});

describe("curlCommand", () => {
  test("connects to the endpoint only where the URL does not name it already", () => {
    expect(curlCommand("https://198.51.100.7:31971/", "198.51.100.7", true)).toBe(
      "curl --cacert ca.crt https://198.51.100.7:31971/",
    );
    expect(curlCommand("https://a.test/", "lb.example.com")).toBe(
      "curl --connect-to ::lb.example.com: https://a.test/",
    );
    expect(curlCommand("https://a.test/", "2001:db8::7")).toBe(
      "curl --connect-to ::[2001:db8::7]: https://a.test/",
    );
    expect(curlCommand("https://a.test/")).toBe("curl https://a.test/");
  });
});
