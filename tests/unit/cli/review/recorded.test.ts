import { describe, expect, it } from "vitest";

import { readPreview } from "../../../../cli/preview/read.ts";
import { htmlReport } from "../../../../cli/review/render/html.ts";
import { jsonReport } from "../../../../cli/review/render/json.ts";
import { markdownReport } from "../../../../cli/review/render/markdown.ts";
import { textReport } from "../../../../cli/review/render/text.ts";
import { reportOf } from "../../../../cli/review/report.ts";
import { recorded, recordedText } from "./preview.ts";

const report = reportOf(recorded("changed.ndjson"));

/** Marks by object: `downtime danger: why`. */
const told = Object.fromEntries(
  report.changes.map(({ operation, title, marks }) => [
    `${operation} ${title}`,
    marks.map(({ kind, severity, reason }) => `${severity} ${kind}: ${reason}`),
  ]),
);

describe("a change that does everything", () => {
  it("is told in one line", () => {
    expect(textReport(report).split("\n")[0]).toBe(
      "🔴 shop/review-shop is dangerous: 2 deleted, 6 replaced, 13 updated, 1 created, 6 unchanged — data-loss ×2, downtime ×5, exposure ×4, certificate ×3, rights ×2, plain-secret ×2, shared, delete ×2, replace ×6, image, secret ×5, restart ×2, unknown",
    );
  });

  it("is told object by object, the worst first, with the reason of every mark", () => {
    expect(told).toMatchInlineSnapshot(`
      {
        "create ConfigMap review-shop/news": [],
        "delete IngressRoute review-shop/search": [
          "danger downtime: https://search.test is served no longer",
          "warning delete: goes",
        ],
        "delete PersistentVolumeClaim review-shop/uploads": [
          "danger data-loss: what is in the volume is gone, unless its reclaim policy is Retain",
          "warning delete: goes",
        ],
        "replace Deployment review-shop/search": [
          "danger downtime: all its pods end before the new ones start",
          "warning replace: spec.selector.matchLabels.app forces it; the old one is deleted before the new one is made",
        ],
        "replace LocallySignedCert shop": [
          "warning certificate: a certificate is issued anew",
          "warning replace: caCertPem forces it; its new value is known only after up, and if it stays the same nothing is replaced",
          "notice unknown: caCertPem is known only after up",
        ],
        "replace RandomPassword password": [
          "warning replace: length forces it",
          "warning secret: a new one is made up; whoever uses the old one has to get it",
        ],
        "replace SelfSignedCert authority": [
          "danger certificate: an authority is issued anew: every client has to trust the new one",
          "warning replace: subject.commonName forces it",
        ],
        "replace Service review-shop/web-next": [
          "warning replace: metadata.name forces it; Service review-shop/web goes",
        ],
        "replace StatefulSet review-shop/database": [
          "danger data-loss: its claims data-db-… are deleted with it: persistentVolumeClaimRetentionPolicy.whenDeleted is Delete",
          "warning replace: metadata.name forces it; StatefulSet review-shop/db goes",
        ],
        "update ConfigMap review-shop/settings": [
          "danger plain-secret: data["signing.pem"] looks like a secret and is not kept as one: it is in plain in Pulumi's state and in every preview",
          "notice secret: data["signing.pem"] changes; no value is shown",
        ],
        "update Deployment review-shop/api": [
          "danger plain-secret: spec.template.spec.containers[api].env[API_TOKEN].value looks like a secret and is not kept as one: it is in plain in Pulumi's state and in every preview",
          "warning image: registry.example/shop:latest may be another image tomorrow: name a version, or a digest",
          "notice restart: its pods are replaced because of containers[api].env[LOG_LEVEL].value, containers[api].env[API_TOKEN].value and containers[api].image",
          "notice secret: spec.template.spec.containers[api].env[API_TOKEN].value changes; no value is shown",
        ],
        "update Deployment review-shop/web": [
          "danger downtime: its strategy is Recreate: all pods end before the new ones start",
          "notice restart: its pods are replaced because of containers[web].env[COLOUR].value",
        ],
        "update Ingress review-shop/status": [
          "danger downtime: https://status.test is served no longer",
          "danger downtime: it leads to Service review-shop/web, which the stack does not have",
        ],
        "update IngressClass review-shop-class": [
          "danger shared: it becomes the cluster's default: whatever names no class gets this one",
        ],
        "update IngressRoute review-shop/shop": [
          "danger downtime: it leads to Service review-shop/web, which the stack does not have",
          "danger exposure: shop.test/api loses passwords (Middleware review-shop/login)",
          "danger exposure: http://shop.test/api and http://shop.test are served without TLS",
          "danger exposure: spec.tls goes: the route asks for no TLS and no certificate of its own",
          "warning exposure: opens http://shop.test/api, http://shop.test, https://www.shop.test, http://www.shop.test and entry point web",
        ],
        "update Middleware review-shop/office": [
          "danger exposure: spec.ipAllowList.sourceRange lets in 10.0.0.0/8 as well; it was 10.1.0.0/16",
        ],
        "update Namespace review-shop": [
          "danger rights: allows pods that the level restricted forbids and privileged pods",
        ],
        "update Role review-shop/reader": [
          "warning rights: allows delete pods",
        ],
        "update Secret review-shop/shop-tls": [
          "warning certificate: the certificate of https://shop.test/api and https://shop.test is another one from then on",
          "notice secret: data["tls.crt"] and data["tls.key"] change; no value is shown",
        ],
        "update Secret review-shop/users": [
          "notice secret: data and stringData change; no value is shown",
        ],
        "update Service review-shop/api": [
          "warning exposure: opens a node port for port 80",
        ],
        "update TLSOption review-shop/strict": [
          "danger exposure: TLS gets weaker: spec.minVersion is VersionTLS12 instead of VersionTLS13",
        ],
      }
    `);
  });

  it("names the fields with their old and new values, items of lists by their names", () => {
    const api = report.changes.find(({ title }) => title === "Deployment review-shop/api");
    expect(api?.fields.map(({ path, before, after }) => [path, before, after]).slice(0, 2)).toEqual([
      ["spec.replicas", 3, 2],
      ["spec.template.spec.containers[api].env[LOG_LEVEL].value", "info", "debug"],
    ]);
  });

  it("names the URLs behind it", () => {
    expect(report.urls).toEqual([
      "any node:?/tcp",
      "http://shop.test",
      "http://shop.test/api",
      "http://www.shop.test",
      "https://search.test",
      "https://shop.test",
      "https://shop.test/api",
      "https://status.test",
      "https://status.test/status",
      "https://www.shop.test",
    ]);
  });
});

describe("secrets", () => {
  it("are in no form of a report, marked or not", async () => {
    const outputs = [
      markdownReport(report),
      await htmlReport(report),
      textReport(report),
      JSON.stringify(jsonReport(report)),
    ];
    for (const output of outputs) {
      expect(output).not.toMatch(/MHcCAQEEI|ghp_|1b47061264138c4ac30d75fd1eb44270|04da6b54/);
      expect(output).toContain("API_TOKEN");
    }
  });

  it("that the engine prints in its debug messages are not read at all", () => {
    const leak = {
      sequence: 1,
      diagnosticEvent: { severity: "debug", message: "inputs: hunter2 in plain\n" },
    };
    const preview = readPreview(`${JSON.stringify(leak)}\n${recordedText("changed.ndjson")}`, "x");
    expect(JSON.stringify(preview.diagnostics)).not.toContain("hunter2");
  });
});

describe("the digest of the same change", () => {
  const digest = reportOf(recorded("digest.json"));

  it("tells the same, but for what stays as it is", () => {
    expect(digest.complete).toBe(false);
    expect(digest.tally).toEqual({ delete: 2, replace: 6, update: 13, create: 1 });
    const titles = (changes: typeof digest.changes) =>
      changes.map(({ operation, title }) => `${operation} ${title}`).sort();
    expect(titles(digest.changes)).toEqual(titles(report.changes));
  });
});

describe("a preview that the cluster refuses", () => {
  const refused = reportOf(recorded("refused.ndjson"));

  it("would fail, and says so first", () => {
    expect(refused.verdict).toBe("fails");
    expect(markdownReport(refused).split("\n")[0]).toContain("⛔ `shop/review-shop` would fail");
  });

  it("has the refusal at the object, in the API server's words", () => {
    const claim = refused.changes.find(({ title }) => title.startsWith("PersistentVolumeClaim"));
    expect(claim?.marks.find(({ kind }) => kind === "refused")).toEqual({
      kind: "refused",
      severity: "danger",
      reason:
        'PersistentVolumeClaim "reports" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    });
  });

  it("does not repeat the engine's last words", () => {
    expect(refused.general).toEqual([]);
  });
});

it("refuses what is no preview", () => {
  expect(() => readPreview("hello", "notes.txt")).toThrow("notes.txt is no preview");
  expect(() => readPreview('{"a": 1}', "notes.json")).toThrow("notes.json is no preview");
});
