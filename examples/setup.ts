import * as pulumi from "@pulumi/pulumi";

import { imageReference } from "../apps/images.ts";
import {
  Namespace,
  Platform,
  type PlatformArgs,
  type Resources,
  type StackInfo,
  type TraefikArgs,
} from "../components/index.ts";

/** What every example begins with. */
export interface Setup {
  /** This example's project and stack. */
  readonly stack: StackInfo;
  /** A namespace of its own, which takes restricted pods only. */
  readonly namespace: Namespace;
  readonly config: pulumi.Config;
  /** Reference of one of the images of `apps/`, in the `registry` of the configuration where it has one. */
  readonly image: (name: string) => string;
  /**
   * A Traefik of the example's own, by plain http unless `tls` is given. The configuration's `traefik` is passed on to it,
   * `address` is the one that clients reach it at.
   */
  readonly platform: (
    traefik?: Partial<TraefikArgs>,
    more?: Partial<Pick<PlatformArgs, "tls" | "dashboard">>,
  ) => Platform;
}

/** What the pods of an example ask for: all examples fit a machine with two processors at the same time. */
export const little: Resources = { requests: { cpu: "10m", memory: "64Mi" } };

/** Names, a namespace, and what the configuration says of images and Traefik. */
export function setup(): Setup {
  const config = new pulumi.Config();
  const stack = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const namespace = new Namespace("namespace", { objectName: `${stack.project}-${stack.stack}` });
  return {
    stack,
    namespace,
    config,
    image: (app) => imageReference(app, config.get("registry")),
    platform: (traefik = {}, more = {}) =>
      new Platform("platform", {
        stack,
        tls: false,
        ...more,
        address: config.get("address"),
        traefik: {
          service: { type: "NodePort" },
          resources: little,
          ...config.getObject<Partial<TraefikArgs>>("traefik"),
          ...traefik,
        },
      }),
  };
}
