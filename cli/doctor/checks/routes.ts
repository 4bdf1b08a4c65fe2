import { stripVTControlCharacters } from "node:util";

import type { KubeObject } from "../../cluster/object.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";
import { serviceSpec } from "./services.ts";

interface Reference {
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number | string;
}

interface IngressRoute {
  readonly routes?: readonly {
    readonly services?: readonly Reference[];
    readonly middlewares?: readonly Reference[];
  }[];
  readonly tls?: { readonly secretName?: string };
}

interface Ingress {
  readonly tls?: readonly { readonly secretName?: string }[];
  readonly rules?: readonly {
    readonly http?: {
      readonly paths: readonly {
        readonly backend: {
          readonly service?: {
            readonly name: string;
            readonly port?: { readonly number?: number; readonly name?: string };
          };
        };
      }[];
    };
  }[];
}

interface RouteStatus {
  readonly parents?: readonly {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  }[];
}

const NOTHING = "Until it is mended, Traefik drops the route: clients get 404.";

export function checkRoutes(snapshot: Snapshot): readonly Diagnosis[] {
  const of = (kind: string): readonly KubeObject[] => snapshot.objects[kind] ?? [];
  return [
    ...of("IngressRoute").flatMap((route) => {
      const { routes = [], tls } = route["spec"] as IngressRoute;
      return diagnosed(route, [
        ...routes.flatMap(({ services = [] }) =>
          services.flatMap((service) => brokenService(route, service, snapshot)),
        ),
        ...routes.flatMap(({ middlewares = [] }) =>
          middlewares.flatMap((reference) => absent(route, { kind: "Middleware", ...reference }, snapshot)),
        ),
        ...(tls?.secretName ? absent(route, { kind: "Secret", name: tls.secretName }, snapshot) : []),
      ]);
    }),
    ...of("Ingress").flatMap((ingress) => {
      const { rules = [], tls = [] } = ingress["spec"] as Ingress;
      const backends = rules.flatMap(({ http }) =>
        (http?.paths ?? []).flatMap(({ backend }) => backend.service ?? []),
      );
      return diagnosed(ingress, [
        ...backends.flatMap(({ name, port }) => {
          const wanted = port?.name ?? port?.number;
          return brokenService(ingress, { name, ...(wanted !== undefined && { port: wanted }) }, snapshot);
        }),
        ...tls.flatMap(({ secretName }) =>
          secretName ? absent(ingress, { kind: "Secret", name: secretName }, snapshot) : [],
        ),
      ]);
    }),
    ...of("HTTPRoute").flatMap((route) => {
      const { parents = [] } = (route["status"] ?? {}) as RouteStatus;
      const bad = parents.flatMap(({ conditions = [] }) =>
        conditions.filter(({ status }) => status === "False"),
      );
      return diagnosed(
        route,
        bad.map(({ type, reason, message }) => `is not ${type}: ${reason}, ${message}`),
      );
    }),
    ...fromApi(snapshot),
    ...fromLog(snapshot),
  ];
}

const fullName = ({ kind, metadata: { name, namespace = "" } }: KubeObject): string =>
  `${kind} ${namespace}/${name}`;

const diagnosed = (route: KubeObject, messages: readonly string[]): Diagnosis[] =>
  [...new Set(messages)].map((message) => ({
    severity: "error",
    check: "routes",
    about: fullName(route),
    message,
    advice: NOTHING,
  }));

/** What a route names and is not there. Objects in namespaces of other stacks are not checked. */
function absent(
  route: KubeObject,
  { kind = "Service", name, namespace }: Reference,
  snapshot: Snapshot,
): string[] {
  const place = namespace ?? route.metadata.namespace ?? "";
  // Traefik's own, and those of its other providers: `name@internal`.
  if (name.includes("@") || !snapshot.namespaces.includes(place)) return [];
  const found = (snapshot.objects[kind] ?? []).some(
    ({ metadata }) => metadata.name === name && metadata.namespace === place,
  );
  return found ? [] : [`names ${kind} ${place}/${name}, which is not there`];
}

function brokenService(route: KubeObject, reference: Reference, snapshot: Snapshot): string[] {
  const gone = absent(route, reference, snapshot);
  const { kind = "Service", name, namespace = route.metadata.namespace, port } = reference;
  if (gone.length > 0 || kind !== "Service" || port === undefined) return gone;
  const service = (snapshot.objects["Service"] ?? []).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  const ports = service === undefined ? [] : (serviceSpec(service).ports ?? []);
  if (service === undefined || ports.some((each) => each.port === Number(port) || each.name === port))
    return [];
  const there = ports.map((each) => (each.name ? `${each.name} (${each.port})` : each.port));
  return [`leads to port ${port} of Service ${namespace ?? ""}/${name}, which has ${there.join(", ")}`];
}

/** What Traefik's API says of routers of the stack's routes, whose names have their namespace: `shop_web_0@kubernetescrd`. */
function fromApi({ routers, namespaces }: Snapshot): Diagnosis[] {
  return routers
    .filter(
      ({ name, status }) =>
        status !== "enabled" && namespaces.some((each) => new RegExp(`(^|[-_])${each}[-_]`).test(name)),
    )
    .map(({ name, status, error = [] }) => ({
      severity: status === "disabled" ? "error" : "warning",
      check: "routes",
      about: `Traefik's router ${name}`,
      message: `is ${status === "disabled" ? "not served" : "served with a warning"}: ${error.join("; ") || "Traefik does not say why"}`,
      advice: status === "disabled" ? NOTHING : "Traefik leaves out what it names.",
    }));
}

interface LogLine {
  readonly level?: string;
  readonly message?: string;
  readonly error?: string;
  readonly namespace?: string;
}

/** What Traefik itself says of routes it cannot serve, each thing once. */
function fromLog({ traefikLog, namespaces }: Snapshot): Diagnosis[] {
  const said = traefikLog.flatMap((raw) => {
    const line = stripVTControlCharacters(raw);
    if (!line.startsWith("{"))
      return / (ERR|error) /.test(line) ? [line.replace(/^\S+ (ERR|error) (\S+\.go:\d+ > )?/, "")] : [];
    const { level, message = "", error = "" } = JSON.parse(line) as LogLine;
    return level === "error" ? [[message, error].filter(Boolean).join(": ")] : [];
  });
  const ours = said.filter((line) => namespaces.some((namespace) => line.includes(namespace)));
  return [...new Set(ours)].slice(-10).map((message) => ({
    severity: "warning",
    check: "routes",
    about: "Traefik",
    message: `logged: ${message}`,
    advice: "It may be over by now: the log has what was, too.",
  }));
}
