import { describe, expect, test } from "vitest";

import { TraefikDashboard, type TraefikDashboardArgs } from "../../../components/traefik/dashboard.ts";
import { Traefik } from "../../../components/traefik/traefik.ts";
import { record, Recording, refusal } from "../mocks.ts";

const args: Omit<TraefikDashboardArgs, "traefik"> = {
  host: "traefik.example.org",
  tls: { secretName: "traefik-tls" },
  basicAuth: { users: { operator: "correct horse battery staple" } },
  allow: ["198.51.100.0/24"],
};

const program = (more: Partial<TraefikDashboardArgs>): TraefikDashboard => {
  const traefik = new Traefik("traefik", {
    stack: { project: "slipway", stack: "dev" },
    service: { type: "NodePort" },
    web: { nodePort: 30_350 },
    websecure: { nodePort: 31_971 },
  });
  return new TraefikDashboard("dashboard", { traefik, ...args, ...more });
};

/** The dashboard of a Traefik, without the Traefik's own objects. */
async function dashboard(): Promise<Recording<TraefikDashboard>> {
  const made = await record(() => program({}));
  return new Recording(
    made.value,
    made.resources.filter(({ name }) => name.startsWith("dashboard")),
  );
}

describe("TraefikDashboard", () => {
  test("is three paths of one host, over https, behind networks and then a password", async () => {
    const made = await dashboard();
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
    const made = await dashboard();
    expect(made.one("kubernetes:core/v1:Secret").secrets).toContain("data");
    expect(JSON.stringify(made.resources)).not.toContain("correct horse");
  });

  test.each([
    ["a list of networks that is empty", { allow: [] }, /sourceRange/],
    ["no users", { basicAuth: { users: {} } }, /users/],
  ])("refuses %s", async (_name, wrong, message) => {
    expect(await refusal(() => program(wrong))).toMatch(message);
  });
});
