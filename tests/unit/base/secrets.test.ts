import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { Middleware } from "../../../components/route/index.ts";
import { PullSecret, Secret } from "../../../components/workload/index.ts";
import { record } from "../mocks.ts";

interface Transforms {
  readonly transform: { readonly secret: (args: k8s.core.v1.SecretArgs) => undefined };
}

const place = { stack: { project: "slipway", stack: "dev" }, namespace: "shop" };
const hash = "$2y$10$abcdefghijklmnopqrstuuMiRJ1YvxUI5yMTw8YcJ1dTt7CbHhNcK";

/** Passwords in plain, as a program may hand them over; the SDK would mark them once they are in a Secret. */
const given: Readonly<Record<string, (transforms: Transforms) => object>> = {
  Secret: (more) => new Secret("db", { ...place, data: { password: "swordfish" }, ...more }),
  PullSecret: (more) =>
    new PullSecret("pull", {
      ...place,
      registry: "r.example",
      username: "a",
      password: "swordfish",
      ...more,
    }),
  "basicAuth's users": (more) =>
    new Middleware("login", {
      ...place,
      traefik: { ingressClass: "c" },
      basicAuth: { users: { anna: "swordfish" } },
      ...more,
    }),
  "basicAuth's file": (more) =>
    new Middleware("login", {
      ...place,
      traefik: { ingressClass: "c" },
      basicAuth: { htpasswd: `anna:${hash}` },
      ...more,
    }),
};

it.each(Object.entries(given))("%s marks what it is given as secret", async (_name, make) => {
  let data: k8s.core.v1.SecretArgs["data"];
  await record(() =>
    make({
      transform: {
        secret: (args) => {
          data = args.data;
          return undefined;
        },
      },
    }),
  );
  const values = pulumi.Output.isInstance(data) ? [data] : Object.values(data ?? {});
  expect(values).not.toEqual([]);
  for (const value of values) expect(await pulumi.isSecret(pulumi.output(value))).toBe(true);
});
