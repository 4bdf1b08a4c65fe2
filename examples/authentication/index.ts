import * as pulumi from "@pulumi/pulumi";

import { Middleware, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { stack, namespace, config } = example;
const traefik = example.platform();
const echo = run(example, "echo", "fastapi");

const place = { stack, namespace };
const shared = { ...place, ingressClass: traefik.ingressClass };
const opts = { dependsOn: traefik };
const users = config.requireSecretObject<Record<string, string>>("users");

// Passwords from the stack's secret configuration become bcrypt hashes in a Secret.
const basic = new Middleware(
  "basic",
  { ...place, basicAuth: { users, realm: "shop", headerField: "X-User" } },
  opts,
);
new Route("basic", { ...shared, hosts: ["basic.test"], middlewares: [basic], service: echo }, opts);

// A file that `htpasswd -B` made.
const file = config.getSecret("htpasswd");
if (file !== undefined) {
  const htpasswd = new Middleware("htpasswd", { ...place, basicAuth: { htpasswd: file } }, opts);
  new Route(
    "htpasswd",
    { ...shared, hosts: ["htpasswd.test"], middlewares: [htpasswd], service: echo },
    opts,
  );
}

const digest = new Middleware("digest", { ...place, digestAuth: { users, realm: "shop" } }, opts);
new Route("digest", { ...shared, hosts: ["digest.test"], middlewares: [digest], service: echo }, opts);

// Any service that answers 2xx or not; here the path of its URL decides.
for (const [name, status] of Object.entries({ welcome: 204, refused: 403 })) {
  const ask = new Middleware(
    name,
    {
      ...place,
      forwardAuth: { address: pulumi.interpolate`http://${echo.name}.${namespace}.svc/status/${status}` },
    },
    opts,
  );
  new Route(name, { ...shared, hosts: [`${name}.test`], middlewares: [ask], service: echo }, opts);
}

export const namespaceName = namespace;
