import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { imageReference } from "../../apps/images.ts";
import { portalDirectory, portalFiles, type PortalApp } from "../../apps/nginx/portal-files.ts";
import { browse, Client, feed, kubectl, type Viewport } from "./harness/index.ts";

const namespace = "e2e-portal-page";

const app = (name: string, path: string, service = "api"): PortalApp => ({
  name,
  title: `The ${name} app`,
  url: `https://${name}.example.test:31971/`,
  health: { service, namespace, port: 80, path },
});

const files = portalFiles({
  project: "slipway",
  stack: "showcase",
  endpoint: { address: "192.0.2.7", http: 30350, https: 31971 },
  versions: { Traefik: "v3.7.11" },
  caCertificate: "-----BEGIN CERTIFICATE-----\nY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n",
  apps: [
    app("well", "/readyz"),
    app("failing", "/status/503"),
    app("silent", "/delay/30"),
    app("absent", "/", "no-such-service"),
    { name: "elsewhere", url: "https://elsewhere.example.test/" },
  ],
});

/** @param config name of the ConfigMap with the portal's files */
const pod = (name: string, image: string, config?: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    // The silent app is in the middle of a long answer.
    terminationGracePeriodSeconds: 2,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "app",
        image: imageReference(image),
        env: [{ name: "APP_VERSION", value: "v7" }],
        readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          ...(config === undefined ? [] : [{ name: "files", mountPath: portalDirectory }]),
        ],
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...(config === undefined ? [] : [{ name: "files", configMap: { name: config } }]),
    ],
  },
});

const objects = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "files", namespace }, data: files },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "api", namespace },
    spec: { selector: { app: "api" }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  pod("api", "fastapi"),
  pod("portal", "nginx", "files"),
  pod("site", "nginx"),
];

const forwards: ChildProcess[] = [];

/** Opens a way to a pod, and gives its URL. */
async function forward(name: string): Promise<string> {
  const child = spawn("kubectl", ["port-forward", `--namespace=${namespace}`, `pod/${name}`, ":8080"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  forwards.push(child);
  const [line] = (await once(createInterface(child.stdout), "line", {
    signal: AbortSignal.timeout(20_000),
  })) as [string];
  const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
  if (port === undefined) throw new Error(`kubectl port-forward said: ${line}`);
  return `http://127.0.0.1:${port}`;
}

describe("the nginx image", () => {
  const client = new Client({ address: "127.0.0.1" });
  let portal: string;
  let site: string;

  beforeAll(async () => {
    await feed({ apiVersion: "v1", kind: "List", items: objects }, "apply");
    await kubectl(
      "wait",
      `--namespace=${namespace}`,
      "--for=condition=Ready",
      "pod",
      "--all",
      "--timeout=90s",
    );
    [portal, site] = await Promise.all([forward("portal"), forward("site")]);
  });

  afterAll(async () => {
    for (const child of forwards) child.kill();
    await client.close();
    await kubectl("delete", "namespace", namespace, "--ignore-not-found");
  });

  it("is a plain site without a portal's files, and says which pod and version answered", async () => {
    const page = await client.get(site);
    expect(page).toMatchObject({ status: 200, headers: { "x-served-by": "site", "x-app-version": "v7" } });
    expect(page.body).toContain('<dd id="hostname">site</dd>');
    expect(page.body).toContain('<dd id="version">v7</dd>');
    const lost = await client.get(`${site}/no-such-page`);
    expect(lost).toMatchObject({ status: 404, body: expect.stringContaining("<h1>404</h1>") as string });
    // The style that both include.
    for (const { body } of [page, lost]) expect(body).toContain("place-items: center");
    expect((await client.get(`${site}/hostname.html`)).body).toBe("site\n");
    expect((await client.get(`${site}/version`)).body).toBe("v7\n");
    const missing = await client.get(`${site}/nowhere`);
    expect(missing).toMatchObject({ status: 404, headers: { "x-served-by": "site" } });
    expect(missing.body).toContain("<h1>404</h1>");
    expect((await client.get(`${site}/config.json`)).status).toBe(404);
  });

  it("knows within two seconds how an app is", async () => {
    const look = async (name: string): Promise<number> => {
      const start = Date.now();
      const { status } = await client.get(`${portal}/health/${name}`);
      expect(Date.now() - start).toBeLessThan(2_000);
      return status;
    };
    expect(await Promise.all(["well", "failing", "silent", "absent", "elsewhere"].map(look))).toEqual([
      200, 503, 504, 502, 404,
    ]);
  });

  it("offers the authority's certificate for download", async () => {
    expect(await client.get(`${portal}/ca.crt`)).toMatchObject({
      status: 200,
      body: files["ca.crt"],
      headers: {
        "content-type": "application/x-x509-ca-cert",
        "content-disposition": 'attachment; filename="ca.crt"',
      },
    });
  });

  const visit = async (viewport: Viewport, look: (page: Page) => Promise<void>): Promise<void> => {
    await browse("127.0.0.1", viewport, async (page) => {
      const outside: string[] = [];
      const errors: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(portal)) outside.push(request.url());
      });
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(portal);
      await look(page);
      expect(outside).toEqual([]);
      expect(errors).toEqual([]);
    });
  };

  it.each(["phone", "desktop"] as const)("shows every app and its state on a %s", async (viewport) => {
    await visit(viewport, async (page) => {
      await page.getByText("3 of 4 apps need attention").waitFor({ timeout: 10_000 });
      const cards = page.locator(".card");
      expect(await cards.locator(".title").allInnerTexts()).toEqual([
        "The well app",
        "The failing app",
        "The silent app",
        "The absent app",
        "elsewhere",
      ]);
      expect(await cards.locator(".word").allInnerTexts()).toEqual([
        "Up",
        "Failing",
        "Down",
        "Down",
        "Not checked",
      ]);
      expect(await cards.locator(".title").first().getAttribute("href")).toBe(
        "https://well.example.test:31971/",
      );
      expect(await page.locator("#curl").innerText()).toBe(
        "curl --cacert ca.crt --connect-to ::192.0.2.7: https://well.example.test:31971/",
      );
      expect(await page.locator("#facts").innerText()).toContain("v3.7.11");
      expect(await page.title()).toContain("showcase");
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    });
  });

  it.each([
    [-1, /was needed until .*yesterday.* may be taken down at any moment/],
    [0, /is needed until .*today.* may be taken down after that/],
    [3, /is needed until .*in 3 days/],
    [4, undefined],
  ])("warns of a last day %i days from now", async (days, warning) => {
    const config = JSON.parse(files["config.json"]) as object;
    const expires = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await browse("127.0.0.1", "phone", async (page) => {
      await page.route("**/config.json", (route) => route.fulfill({ json: { ...config, expires } }));
      await page.goto(portal);
      await page.locator("#about").waitFor();
      const told = page.locator("#expiry");
      expect(await told.isVisible()).toBe(warning !== undefined);
      if (warning !== undefined) expect(await told.innerText()).toMatch(warning);
      expect(await page.locator("#facts").innerText()).toContain("Expires");
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });

  it("warns of the certificates that end soon, and of no other", async () => {
    const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    const certificates = [
      { hosts: ["over.example.test"], validityEnd: inDays(-2) },
      { hosts: ["near.example.test", "also.example.test"], validityEnd: inDays(20) },
      { hosts: ["far.example.test"], validityEnd: inDays(40) },
    ];
    await browse("127.0.0.1", "phone", async (page) => {
      await page.route("**/certificates.json", (route) => route.fulfill({ json: certificates }));
      await page.goto(portal);
      await page.locator("#about").waitFor();
      const told = await page.locator("#certificates").innerText();
      expect(told).toMatch(
        /^The certificate of over.example.test ended on .*\(2 days ago\)\.\nThe certificate of near.example.test, also.example.test ends on .*\(in 20 days\)\.$/,
      );
      expect(await page.locator("#facts").innerText()).toMatch(/Certificates until\n.*\(2 days ago\)/);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });

  it("says what is wrong when its configuration cannot be read", async () => {
    await browse("127.0.0.1", "phone", async (page) => {
      await page.route("**/config.json", (route) => route.fulfill({ status: 503 }));
      await page.goto(portal);
      await page.getByText("The portal’s configuration cannot be read").waitFor({ timeout: 10_000 });
    });
  });

  it("notices that an app went away, while someone looks", async () => {
    await visit("desktop", async (page) => {
      const state = page.locator(".card .word").first();
      await state.getByText("Up").waitFor({ timeout: 10_000 });
      await kubectl("delete", "pod", "api", `--namespace=${namespace}`, "--wait=false");
      await state.getByText("Down").waitFor({ timeout: 30_000 });
    });
  });
});
