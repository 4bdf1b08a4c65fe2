/** A program of somebody who has installed the library; prints what it would make. */
import * as pulumi from "@pulumi/pulumi";
import { App, type AppArgs, CertificateAuthority, Namespace, Platform, UserError } from "slipway";

const made: string[] = [];
await pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      made.push(`${type} ${name}`);
      // Certificates and keys are what a provider knows.
      return { id: name, state: { ...(inputs as object), certPem: "PEM", privateKeyPem: "PEM" } };
    },
    call: () => ({}),
  },
  "shop",
  "dev",
);

// Pulumi's mocks have no method to register a hook by.
type Register = (request: object, done: (error: Error | null) => void) => void;
const monitor = pulumi.runtime.getMonitor() as {
  registerResourceHook?: Register;
  registerErrorHook?: Register;
};
monitor.registerResourceHook = monitor.registerErrorHook = (_request, done) => {
  done(null);
};

const stack = { project: "shop", stack: "dev" };
const authority = new CertificateAuthority("authority", {
  key: { algorithm: "ECDSA" },
  subject: { commonName: "Shop CA" },
  validityDays: 3650,
});
const platform = new Platform("platform", {
  stack,
  traefik: { service: { type: "NodePort" }, web: { nodePort: 30_350 }, websecure: { nodePort: 31_971 } },
  tls: { authority, certificates: { key: { algorithm: "ECDSA" }, validityDays: 365 } },
  address: "192.0.2.1",
});
const namespace = new Namespace("shop", { stack, objectName: "shop" });
const args: AppArgs = { platform, namespace, image: "nginx:1.27", port: 80, hosts: ["shop.test"] };
const { url } = new App("web", args);

// @ts-expect-error -- a port is a number
export const wrong: AppArgs = { ...args, port: "http" };

let refusal: unknown;
try {
  new App("bad", { ...args, path: "api" });
} catch (error) {
  refusal = error;
}

await new Promise((resolve) => {
  pulumi.all([url]).apply(resolve);
});
await pulumi.runtime.disconnect();
console.log(JSON.stringify({ made, refusal: refusal instanceof UserError && refusal.message }));
