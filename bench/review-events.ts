import type { RawEvent } from "../cli/preview/read.ts";

/** Events of a preview of apps that are each a Deployment, a Service, a route and a middleware; every fourth gets a new image. */
export function appEvents(apps: number): readonly RawEvent[] {
  const steps = Array.from({ length: apps }, (_, index) => appSteps(`app-${index}`, index % 4 === 0)).flat();
  return [...steps, { summaryEvent: {} }];
}

function appSteps(app: string, changes: boolean): readonly RawEvent[] {
  const labels = { "app.kubernetes.io/name": app };
  const deployment = (image: string): object => ({
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: app,
              image,
              env: Array.from({ length: 10 }, (_, index) => ({
                name: `SETTING_${index}`,
                value: `${app} ${index}`,
              })),
              ports: [{ name: "http", containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  });
  const route = {
    spec: {
      entryPoints: ["websecure"],
      routes: [
        {
          match: `Host(\`apps.test\`) && (Path(\`/${app}\`) || PathPrefix(\`/${app}/\`))`,
          middlewares: [{ name: `${app}-strip` }],
          services: [{ name: app, port: 80 }],
        },
      ],
      tls: { secretName: "apps-tls" },
    },
  };
  return [
    event(
      "apps/v1",
      "Deployment",
      app,
      deployment("apps:1.0"),
      deployment(changes ? "apps:1.1" : "apps:1.0"),
    ),
    event("core/v1", "Service", app, { spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } }),
    event("traefik.io/v1alpha1", "IngressRoute", app, route),
    event("traefik.io/v1alpha1", "Middleware", `${app}-strip`, {
      spec: { stripPrefix: { prefixes: [`/${app}`] } },
    }),
  ];
}

function event(group: string, kind: string, name: string, before: object, after = before): RawEvent {
  const type = `kubernetes:${group}:${kind}`;
  const state = (body: object) => ({
    type,
    custom: true,
    inputs: { apiVersion: group.replace("core/", ""), kind, metadata: { name, namespace: "apps" }, ...body },
  });
  const op = before === after || JSON.stringify(before) === JSON.stringify(after) ? "same" : "update";
  return {
    resourcePreEvent: {
      metadata: {
        op,
        urn: `urn:pulumi:bench::bench::${type}::${name}`,
        old: state(before),
        new: state(after),
      },
    },
  };
}
