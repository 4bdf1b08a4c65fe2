import { z } from "zod";

import { isDnsName } from "../../components/base/checks.ts";
import { appSchema } from "./apps.ts";
import { middlewareSchema } from "./middlewares.ts";
import { tlsSchema } from "./tls.ts";
import { traefikSchema } from "./traefik.ts";
import { filled, key, required, secret } from "./values.ts";

const DATE = "must be a date, as in 2027-01-31";

const date = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)), { error: DATE });

const domain = z
  .string()
  .refine(isDnsName, { error: "must be a domain in lower case, as in dev.example.org" });

/** `host[:port][/prefix]`. */
const registry = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9._-]+)*$/,
    "must be host[:port][/prefix], without a scheme",
  );

const registryAuth = z.strictObject({
  server: key(filled, "Host of the registry.", "that of `registry`"),
  username: required(filled, "User."),
  password: required(secret, "Password or token, from encrypted configuration."),
});

const endpoint = z.strictObject({
  address: key(
    filled,
    "Address or name at which clients reach the stack.",
    "the load balancer's, else nodeAddress",
  ),
  nodeAddress: key(filled, "Address or name of a node, for Services that no load balancer is in front of."),
});

const cluster = z.strictObject({
  context: key(filled, "Context of the kubeconfig: a guard against the wrong cluster.", "the current one"),
});

/** The configuration of a stack. */
export const schema = z.strictObject({
  domain: key(domain, "Domain below which the apps' hosts are.", "<stack>.slipway.test"),
  expires: key(date, "Date after which the stack may be removed; every object is labelled with it."),
  registry: key(
    registry,
    "Registry, with a project prefix where it wants one, of every image that names no registry itself.",
    "none: the image is on the nodes",
  ),
  registryAuth: key(registryAuth, "Account for a private registry."),
  cluster: key(cluster, "The cluster the stack is deployed to."),
  endpoint: key(endpoint, "Where clients reach the stack."),
  traefik: key(traefikSchema, "Traefik, its Service and its chart."),
  tls: key(tlsSchema, "The certificate authority and the apps' certificates."),
  middlewares: key(
    z.record(z.string(), middlewareSchema),
    "Middlewares by name, each of exactly one kind, for the apps to name.",
  ),
  apps: key(z.record(z.string(), appSchema), "The apps by name."),
});

export type Settings = z.output<typeof schema>;
