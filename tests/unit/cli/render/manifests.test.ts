import { expect, it } from "vitest";

import type { Preview, Step } from "../../../../cli/preview/preview.ts";
import { decodeValue, type ValueMap } from "../../../../cli/preview/values.ts";
import { render } from "../../../../cli/render/manifests.ts";

const step = (type: string, inputs: object, operation: Step["operation"] = "create"): Step => ({
  operation,
  urn: `urn:pulumi:s::p::${type}::x`,
  type,
  name: "x",
  custom: !type.startsWith("slipway:"),
  before: undefined,
  after:
    operation === "delete"
      ? undefined
      : { inputs: decodeValue(inputs) as ValueMap, outputs: {}, parent: "", protect: false },
  changes: [],
});

const preview = (...steps: readonly Step[]): Preview => ({
  project: "p",
  stack: "s",
  steps,
  diagnostics: [],
  findings: [],
  complete: true,
  failed: false,
});

const object = (apiVersion: string, kind: string, name: string, fields: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, ...(kind === "Namespace" ? {} : { namespace: "shop" }) },
  ...fields,
});

const ROUTE = step(
  "kubernetes:traefik.io/v1alpha1:IngressRoute",
  object("traefik.io/v1alpha1", "IngressRoute", "web"),
);
const WEB = step(
  "kubernetes:apps/v1:Deployment",
  object("apps/v1", "Deployment", "web", { spec: { replicas: 1 }, status: {} }),
  "same",
);
const SPACE = step("kubernetes:core/v1:Namespace", object("v1", "Namespace", "shop"));

it("writes each object as it will be to a file, in the order of names they can be applied in", () => {
  const { manifests, leftOut } = render(
    preview(
      step("slipway:app:App", {}),
      ROUTE,
      WEB,
      step("kubernetes:core/v1:Service", object("v1", "Service", "gone"), "delete"),
      step("tls:index:PrivateKey", {}),
      SPACE,
    ),
  );
  expect(leftOut).toEqual([]);
  expect(manifests.map(({ file }) => file)).toEqual([
    "0010-namespace-shop.yaml",
    "0160-deployment-shop-web.yaml",
    "0240-ingressroute-shop-web.yaml",
  ]);
  expect(manifests[1]?.content).toBe(
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  replicas: 1\n",
  );
});

it("leaves the names of files as they are where an object comes", () => {
  const files = (...steps: readonly Step[]): readonly string[] =>
    render(preview(...steps)).manifests.map(({ file }) => file);
  const [space = "", ...others] = files(SPACE, WEB, ROUTE);
  const config = step("kubernetes:core/v1:ConfigMap", object("v1", "ConfigMap", "a"));
  expect(files(SPACE, config, WEB, ROUTE)).toEqual([space, "0120-configmap-shop-a.yaml", ...others]);
});

it("names the group where two have a kind of that name", () => {
  const service = step("kubernetes:core/v1:Service", object("v1", "Service", "web"));
  const knative = step(
    "kubernetes:serving.knative.dev/v1:Service",
    object("serving.knative.dev/v1", "Service", "web"),
  );
  expect(render(preview(service, knative)).manifests.map(({ file }) => file)).toEqual([
    "0150-service-shop-web.yaml",
    "0150-service-serving.knative.dev-shop-web.yaml",
  ]);
});

it("writes no Secret and no secret, and says what is left out", () => {
  const token = step(
    "kubernetes:core/v1:Secret",
    object("v1", "Secret", "token", { data: { token: "[secret]" } }),
  );
  const plain = step(
    "kubernetes:core/v1:Secret",
    object("v1", "Secret", "plain", { data: { key: "c3dvcmRmaXNo" } }),
  );
  const map = step(
    "kubernetes:core/v1:ConfigMap",
    object("v1", "ConfigMap", "map", {
      data: { a: "[secret]", b: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", c: "1" },
    }),
  );
  const { manifests, leftOut } = render(preview(token, plain, map));
  expect(manifests.map(({ file }) => file)).toEqual(["0120-configmap-shop-map.yaml"]);
  expect(JSON.stringify(manifests)).not.toMatch(/c3dvcmRmaXNo|\[secret\]/);
  expect(leftOut).toEqual([
    { object: "ConfigMap shop/map", fields: ["data.a (secret)", "data.b (known after up)"], whole: false },
    { object: "Secret shop/plain", fields: ["data.key"], whole: true },
    { object: "Secret shop/token", fields: ["data.token"], whole: true },
  ]);
});
