import * as pulumi from "@pulumi/pulumi";

import { Middleware, Route } from "../../components/index.ts";
import { run } from "../run.ts";
import { setup } from "../setup.ts";

const example = setup();
const { namespace, config } = example;
const { traefik } = example.platform();
const echo = run(example, "echo", "fastapi");

const place = { traefik, namespace };
const users = config.requireSecretObject<Record<string, string>>("users");

// Passwords from the stack's secret configuration become bcrypt hashes in a Secret.
const basic = new Middleware("basic", {
  ...place,
  basicAuth: { users, realm: "shop", headerField: "X-User" },
});
new Route("basic", { traefik, hosts: ["basic.test"], middlewares: [basic], service: echo });

// A file that `htpasswd -B` made.
const file = config.getSecret("htpasswd");
if (file !== undefined) {
  const htpasswd = new Middleware("htpasswd", { ...place, basicAuth: { htpasswd: file } });
  new Route("htpasswd", { traefik, hosts: ["htpasswd.test"], middlewares: [htpasswd], service: echo });
}

const digest = new Middleware("digest", { ...place, digestAuth: { users, realm: "shop" } });
new Route("digest", { traefik, hosts: ["digest.test"], middlewares: [digest], service: echo });

// Any service that answers 2xx or not; here the path of its URL decides.
for (const [name, status] of Object.entries({ welcome: 204, refused: 403 })) {
  const ask = new Middleware(name, {
    ...place,
    forwardAuth: { address: pulumi.interpolate`http://${echo.dns}/status/${status}` },
  });
  new Route(name, { traefik, hosts: [`${name}.test`], middlewares: [ask], service: echo });
}

export const namespaceName = namespace.name;
