import * as pulumi from "@pulumi/pulumi";

import { imageReference } from "../../../apps/images.ts";
import { App, Namespace, PlatformReference } from "../../../components/index.ts";
import { little } from "../../setup.ts";

const config = new pulumi.Config();

const host = config.get("host") ?? "shop.green.test";

const platform = await PlatformReference.read("platform", {
  platformStack: config.get("platform") ?? "organization/slipway/platform",
  // One that another team has would be refused.
  hosts: [host],
});

// The platform has made it: the team's account may write there, and nowhere else.
const namespace = new Namespace("green", {
  platform,
  objectName: platform.namespaceOf("green"),
  create: false,
});

const shop = new App("shop", {
  platform,
  namespace,
  image: imageReference("nginx", config.get("registry")),
  resources: little,
  probes: { readiness: "/healthz" },
  writable: ["/tmp"],
  hosts: [host],
});

export const url = shop.url;
