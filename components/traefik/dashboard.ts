import type * as pulumi from "@pulumi/pulumi";

import { Component, type FollowerArgs } from "../base/component.ts";
import { Middleware, Route, type RouteTls } from "../route/index.ts";
import { placeBeside } from "../base/place.ts";
import type { Traefik } from "./traefik.ts";
import type { BasicAuth } from "../route/middlewares/auth.ts";

export interface TraefikDashboardArgs extends FollowerArgs {
  /** The Traefik it shows, which was told so by `dashboard: true`; the objects are in its namespace. */
  readonly traefik: Traefik;
  /** Host the dashboard has to itself: `traefik.example.org`. */
  readonly host: string;
  /** Its certificate. The dashboard is served over https only. */
  readonly tls: RouteTls;
  /** Who may sign in. An empty list of users is rejected: Traefik would answer 404 to everybody. */
  readonly basicAuth: BasicAuth;
  /** Networks that may reach it, as CIDRs; at least one. */
  readonly allow: readonly string[];
}

/**
 * Traefik's dashboard at `https://<host>/dashboard/`, with its API at `/api`, behind TLS, a list of networks and a
 * password.
 */
export class TraefikDashboard extends Component {
  /** The routes to the page and to the API. */
  readonly route: Route;

  constructor(name: string, args: TraefikDashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("traefik:TraefikDashboard", name, opts);
    const { traefik, host, tls, basicAuth, allow, objectName = "dashboard", ...more } = args;
    const object = { ...more, ...placeBeside(args, traefik), traefik };
    const networks = new Middleware(
      `${name}-networks`,
      { ...object, objectName: `${objectName}-networks`, ipAllowList: { sourceRange: allow } },
      this.child(),
    );
    const login = new Middleware(
      `${name}-login`,
      { ...object, objectName: `${objectName}-login`, basicAuth },
      this.child(),
    );
    this.route = new Route(
      `${name}-route`,
      {
        ...object,
        objectName,
        tls,
        hosts: [host],
        // In this order: who comes from elsewhere is not even asked for a password.
        middlewares: [networks, login],
        service: { kind: "TraefikService", name: "api@internal" },
        // From the first of them, Traefik itself leads to the page.
        rules: [{ path: "/", pathType: "exact" }, { path: "/dashboard" }, { path: "/api" }],
      },
      this.child(),
    );
  }
}
