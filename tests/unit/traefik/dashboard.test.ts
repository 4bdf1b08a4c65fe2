import { describe, expect, test } from "vitest";

import { TraefikDashboard, type TraefikDashboardArgs } from "../../../components/traefik/dashboard.ts";
import { record } from "../mocks.ts";

const args: TraefikDashboardArgs = {
  stack: { project: "slipway", stack: "dev" },
  namespace: "slipway-dev-traefik",
  ingressClass: "slipway-dev",
  host: "traefik.example.org",
  tls: { secretName: "traefik-tls" },
  basicAuth: { users: { operator: "correct horse battery staple" } },
  allow: ["198.51.100.0/24"],
};

describe("TraefikDashboard", () => {
  test("is three paths of one host, over https, behind networks and then a password", async () => {
    const made = await record(() => new TraefikDashboard("dashboard", args));
    const middlewares = [{ name: "dashboard-networks" }, { name: "dashboard-login" }];
    const services = [{ kind: "TraefikService", name: "api@internal" }];
    expect(made.one("kubernetes:traefik.io/v1alpha1:IngressRoute").inputs).toMatchObject({
      metadata: {
        name: "dashboard",
        namespace: "slipway-dev-traefik",
        labels: { "slipway.dev/stack": "dev" },
      },
      spec: {
        ingressClassName: "slipway-dev",
        entryPoints: ["websecure"],
        tls: { secretName: "traefik-tls" },
        routes: [
          {
            kind: "Rule",
            match: "Host(`traefik.example.org`) && Path(`/`)",
            middlewares,
            services,
          },
          {
            kind: "Rule",
            match: "Host(`traefik.example.org`) && (Path(`/dashboard`) || PathPrefix(`/dashboard/`))",
            middlewares,
            services,
          },
          {
            kind: "Rule",
            match: "Host(`traefik.example.org`) && (Path(`/api`) || PathPrefix(`/api/`))",
            middlewares,
            services,
          },
        ],
      },
    });
  });

  test("shows the password to nobody", async () => {
    const made = await record(() => new TraefikDashboard("dashboard", args));
    expect(made.one("kubernetes:core/v1:Secret").secrets).toContain("data");
    expect(JSON.stringify(made.resources)).not.toContain("correct horse");
  });

  test.each([
    ["a list of networks that is empty", { allow: [] }, /sourceRange/],
    ["no users", { basicAuth: { users: {} } }, /users/],
  ])("refuses %s", async (_name, wrong, message) => {
    await expect(record(() => new TraefikDashboard("dashboard", { ...args, ...wrong }))).rejects.toThrow(
      message,
    );
  });
});
