import { describe, expect, it } from "vitest";

import { clusterIdentity } from "../../../lab/backend.ts";
import { labPath, shellExports, shellQuote, siteConfiguration } from "../../../lab/env.ts";
import { withoutUnusedSalt } from "../../../lab/secrets.ts";
import { toolchainLayout } from "../../../lab/toolchain/index.ts";
import { curlCommand } from "../../../lab/urls.ts";

describe("the environment", () => {
  it("is what a shell can evaluate", () => {
    for (const line of shellExports().split("\n"))
      expect(line).toMatch(/^export [A-Z0-9_]+=('.*'|[\w@%+=:,./-]+)$/);
    expect(shellExports()).toMatch(/^export PULUMI_BACKEND_URL='file:\/\/\//m);
    expect(shellExports()).toMatch(/^export SLIPWAY_SITE=\//m);
  });

  it("has the lab's programs first on PATH, once", () => {
    const { bin } = toolchainLayout();
    expect(labPath(`/bin:${bin}:/sbin`)).toBe(`${bin}:/bin:/sbin`);
  });

  it("hands over the chart, who owns the CRDs, and the node's address", () => {
    expect(siteConfiguration()).toMatchObject({
      traefik: { chart: expect.stringMatching(/^\/.*\/lab\/chart\/traefik$/) as string, crds: "external" },
      endpoint: { nodeAddress: "198.18.77.2" },
    });
  });
});

it("quotes for a shell", () => {
  expect(shellQuote("a/b:c")).toBe("a/b:c");
  expect(shellQuote("it's $HOME")).toBe("'it'\\''s $HOME'");
  expect(shellQuote("")).toBe("''");
});

describe("a stack's salt", () => {
  it("goes where nothing is encrypted with it", () => {
    expect(withoutUnusedSalt("config:\n  a: b\nencryptionsalt: v1:x\n")).toBe("config:\n  a: b\n");
  });

  it("stays with a secret", () => {
    const text = "config:\n  p:a:\n    secure: v1:y\nencryptionsalt: v1:x\n";
    expect(withoutUnusedSalt(text)).toBe(text);
  });
});

describe("the command to try", () => {
  const published = { urls: { api: "https://apps.test:31971/api" }, endpoint: { address: "198.18.77.2" } };

  it("finds the host without DNS", () => {
    expect(curlCommand("dev", published)).toBe(
      "curl --resolve apps.test:31971:198.18.77.2 https://apps.test:31971/api",
    );
  });

  it("names the standard port", () => {
    expect(curlCommand("dev", { ...published, urls: { api: "https://apps.test/api" } })).toContain(
      "--resolve apps.test:443:198.18.77.2",
    );
  });
});

it("tells clusters apart by their authority, and not by what else a kubeconfig says", () => {
  const kubeconfig = (authority: string, server: string): string =>
    JSON.stringify({ clusters: [{ cluster: { server, "certificate-authority-data": authority } }] });
  expect(clusterIdentity(kubeconfig("a", "x"))).toBe(clusterIdentity(kubeconfig("a", "y")));
  expect(clusterIdentity(kubeconfig("a", "x"))).not.toBe(clusterIdentity(kubeconfig("b", "x")));
});
