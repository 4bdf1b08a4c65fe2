import { describe, expect, it } from "vitest";

import type { KubeObject } from "../../../../cli/cluster/object.ts";
import { diagnose, nodePortsIn } from "../../../../cli/doctor/command.ts";
import type { Snapshot } from "../../../../cli/doctor/snapshot.ts";

const object = (kind: string, name: string, fields: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "shop", uid: name, creationTimestamp: "", ...metadata },
  ...fields,
});

const READY = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
const labels = { app: "web" };
const pod = (status: object = READY, more: object = {}) =>
  object(
    "Pod",
    "web-1",
    { status, spec: { containers: [{ image: "web:1", ports: [{ name: "http", containerPort: 8080 }] }] } },
    { labels, ...more },
  );
const service = (spec: object = {}, name = "web", more: object = {}) =>
  object(
    "Service",
    name,
    { spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }], ...spec } },
    more,
  );
const slice = (ready: boolean) =>
  object(
    "EndpointSlice",
    "web-x",
    { endpoints: [{ conditions: { ready } }] },
    { labels: { "kubernetes.io/service-name": "web" } },
  );
const route = (spec: object) => object("IngressRoute", "web", { spec });
const to = (service: object, more: object = {}) => route({ routes: [{ services: [service], ...more }] });

/** A stack with nothing wrong, and what is changed in it. */
const healthy = ({ objects = {}, ...change }: Partial<Snapshot> = {}): Snapshot => ({
  now: new Date("2026-11-25"),
  namespaces: ["shop"],
  cluster: { context: "lab", server: "https://192.0.2.1:6443" },
  stated: 5,
  missing: [],
  objects: {
    Pod: [pod()],
    Service: [service()],
    EndpointSlice: [slice(true)],
    IngressRoute: [to({ name: "web", port: 80 })],
    ...objects,
  },
  logs: {},
  routers: [],
  traefikLog: [],
  remains: {},
  pending: [],
  locks: [],
  kubernetes: "v1.36.4",
  groups: ["traefik.io"],
  pulumi: { here: "v3.259.0", state: "v3.259.0" },
  nodePorts: [],
  hosts: { "shop.test": true },
  served: {},
  ...change,
});

const lines = (change: Partial<Snapshot>): readonly string[] =>
  diagnose(healthy(change)).map(({ severity, about, message }) => `${severity} ${about} ${message}`);

const container = (state: object, more: object = {}) => ({
  phase: "Running",
  conditions: [{ type: "Ready", status: "False" }],
  containerStatuses: [{ name: "web", ready: false, restartCount: 0, state, ...more }],
});

/** A certificate of 127.0.0.1 from 2026-11-26T19:00:00Z on. */
const LATER = Buffer.from(
  `-----BEGIN CERTIFICATE-----
MIIBXDCCAQKgAwIBAgIUCPDR5UxBH9ep5AY9JYQ0tkOU9XYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMB4XDTI2MTEyNjE5MDAwMFoXDTI3MTEyNjE5
MDAwMFowFDESMBAGA1UEAwwJMTI3LjAuMC4xMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEjqEz3/GT9p32vOM14aKyBG4jhYpym0+v1Hsjl8woHSYqHUNOTnwgQ3n2
O1NlgimGutX6TTV54LDiN9d6gZ/Z2KMyMDAwDwYDVR0RBAgwBocEfwAAATAdBgNV
HQ4EFgQU75fC5TFnQGGOUHvRJBZhSye+bxQwCgYIKoZIzj0EAwIDSAAwRQIhAIsn
R6sWGSN4h7BsjvrI9gZ85GY7NuyX/g9GrbTTbh0wAiA6+SfHIIqhoyPlc+xZlFTk
6ZXfybIzrngQ0Nv91l3qmw==
-----END CERTIFICATE-----`,
).toString("base64");

describe("doctor", () => {
  it("finds nothing in what is well, nor in a pod that is done or about to go", () => {
    expect(lines({})).toEqual([]);
    expect(
      lines({ objects: { Pod: [pod(), pod({ phase: "Succeeded" }), pod({}, { deletionTimestamp: "x" })] } }),
    ).toEqual([]);
  });

  it.each<readonly [string, Partial<Snapshot>, string]>([
    [
      "an image",
      {
        objects: {
          Pod: [pod(), pod(container({ waiting: { reason: "ImagePullBackOff", message: "no such image" } }))],
        },
      },
      "error Pod shop/web-1 is not ready: ImagePullBackOff, no such image",
    ],
    [
      "a program that ends",
      {
        objects: {
          Pod: [
            pod(),
            pod(
              container(
                { waiting: { reason: "CrashLoopBackOff" } },
                { restartCount: 3, lastState: { terminated: { reason: "Error", exitCode: 2 } } },
              ),
            ),
          ],
        },
      },
      "error Pod shop/web-1 is not ready: CrashLoopBackOff, container web is not ready; it ended with Error 2",
    ],
    [
      "no node",
      {
        objects: {
          Pod: [
            pod(),
            pod({
              conditions: [
                { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no cpu" },
              ],
            }),
          ],
        },
      },
      "error Pod shop/web-1 is not ready: Unschedulable, no cpu",
    ],
    [
      "a selector",
      { objects: { Pod: [], EndpointSlice: [] } },
      "error Service shop/web leads to no pod: none has app=web",
    ],
    [
      "endpoints",
      { objects: { EndpointSlice: [slice(false)] } },
      "error Service shop/web leads to 1 pods, and none is ready",
    ],
    [
      "a target port by name",
      { objects: { Service: [service({ ports: [{ port: 80, targetPort: "web" }] })] } },
      "error Service shop/web sends port 80 to the pods' port web, and they have http (8080)",
    ],
    [
      "a target port by number",
      { objects: { Service: [service({ ports: [{ port: 80 }] })] } },
      "warning Service shop/web sends port 80 to the pods' port 80, and they have http (8080)",
    ],
    [
      "a load balancer",
      { objects: { Service: [service({ type: "LoadBalancer" })] } },
      "error Service shop/web waits for a load balancer's address",
    ],
    [
      "a node port",
      {
        nodePorts: [30350],
        objects: {
          Service: [
            service(),
            service({ ports: [{ port: 1, nodePort: 30350 }] }, "theirs", { namespace: "other" }),
          ],
        },
      },
      "error Service other/theirs has node port 30350, which the stack's configuration asks for",
    ],
    [
      "a route's service",
      { objects: { IngressRoute: [to({ name: "gone", port: 80 })] } },
      "error IngressRoute shop/web names Service shop/gone, which is not there",
    ],
    [
      "a route's port",
      { objects: { IngressRoute: [to({ name: "web", port: 81 })] } },
      "error IngressRoute shop/web leads to port 81 of Service shop/web, which has http (80)",
    ],
    [
      "a route's middleware",
      {
        objects: { IngressRoute: [to({ name: "web", port: "http" }, { middlewares: [{ name: "strip" }] })] },
      },
      "error IngressRoute shop/web names Middleware shop/strip, which is not there",
    ],
    [
      "a route's certificate",
      { objects: { IngressRoute: [route({ tls: { secretName: "tls" } })] } },
      "error IngressRoute shop/web names Secret shop/tls, which is not there",
    ],
    [
      "an Ingress",
      {
        objects: {
          Ingress: [
            object("Ingress", "i", {
              spec: {
                rules: [
                  { http: { paths: [{ backend: { service: { name: "web", port: { number: 9 } } } }] } },
                ],
              },
            }),
          ],
        },
      },
      "error Ingress shop/i leads to port 9 of Service shop/web, which has http (80)",
    ],
    [
      "an HTTPRoute",
      {
        objects: {
          HTTPRoute: [
            object("HTTPRoute", "h", {
              status: {
                parents: [
                  {
                    conditions: [
                      {
                        type: "Accepted",
                        status: "False",
                        reason: "NoMatchingParent",
                        message: "no listener",
                      },
                    ],
                  },
                ],
              },
            }),
          ],
        },
      },
      "error HTTPRoute shop/h is not Accepted: NoMatchingParent, no listener",
    ],
    [
      "a router that Traefik does not serve",
      {
        routers: [
          { name: "shop_web_0@kubernetescrd", status: "disabled", error: ["middleware x does not exist"] },
          { name: "shop_api_0@kubernetescrd", status: "enabled" },
          { name: "other_web_0@kubernetescrd", status: "disabled", error: ["not ours"] },
        ],
      },
      "error Traefik's router shop_web_0@kubernetescrd is not served: middleware x does not exist",
    ],
    [
      "a router that Traefik serves otherwise",
      { routers: [{ name: "shop_web_0@kubernetescrd", status: "warning" }] },
      "warning Traefik's router shop_web_0@kubernetescrd is served with a warning: Traefik does not say why",
    ],
    [
      "Traefik's words",
      {
        traefikLog: [
          '{"level":"error","message":"middleware not found in shop"}',
          '{"level":"info","message":"shop"}',
          '2026-11-25T13:00:00Z ERR error="no port" namespace=elsewhere',
        ],
      },
      "warning Traefik logged: middleware not found in shop",
    ],
    [
      "a certificate",
      {
        objects: {
          Secret: [object("Secret", "tls", { type: "kubernetes.io/tls", data: { "tls.crt": "Zm9v" } })],
        },
      },
      "error Secret shop/tls holds no certificate in tls.crt",
    ],
    [
      "a certificate that begins in an hour",
      {
        now: new Date("2026-11-26T18:00:00Z"),
        objects: {
          Secret: [object("Secret", "tls", { type: "kubernetes.io/tls", data: { "tls.crt": LATER } })],
        },
      },
      "error Secret shop/tls tls.crt the certificate of 127.0.0.1 is not valid before 2026-11-26T19:00:00Z, and it is 2026-11-26T18:00:00Z here: the clock of the machine that issued it was ahead, or this one's is behind",
    ],
    [
      "another certificate than the stack's",
      { served: { "https://shop.test": "shows the certificate of TRAEFIK DEFAULT CERT" } },
      "error https://shop.test shows the certificate of TRAEFIK DEFAULT CERT",
    ],
    [
      "a namespace",
      {
        objects: { Namespace: [object("Namespace", "shop", {}, { deletionTimestamp: "2026-11-25" })] },
        remains: { shop: ["Pod x waits for a/b"] },
      },
      "error Namespace shop is to go since 2026-11-25, and cannot",
    ],
    [
      "a missing object",
      { missing: [{ apiVersion: "v1", kind: "Service", name: "web", namespace: "shop" }] },
      "error Service shop/web is in the state and not in the cluster: somebody removed it behind Pulumi's back",
    ],
    [
      "another cluster",
      { stated: 1, missing: [{ apiVersion: "v1", kind: "Service", name: "web", namespace: "shop" }] },
      "error the stack has none of its 1 objects in the cluster of context lab, https://192.0.2.1:6443",
    ],
    [
      "an old Kubernetes",
      { kubernetes: "v1.29.3" },
      "warning Kubernetes v1.29.3 is older than 1.30: preStop.sleep is not there",
    ],
    [
      "an old CLI",
      { pulumi: { here: "v3.200.0", state: "v3.259.0" } },
      "warning Pulumi v3.200.0 is older than v3.259.0, which wrote the state",
    ],
    [
      "old definitions",
      { groups: ["traefik.io", "traefik.containo.us"] },
      "warning the cluster still serves traefik.containo.us, of Traefik 2",
    ],
    ["DNS", { hosts: { "shop.test": false } }, "warning shop.test is in no DNS that this machine asks"],
  ])("tells of %s", (_, change, line) => {
    expect(lines(change)).toEqual([line]);
  });

  it("tells locks and interrupted operations", () => {
    const lock = { file: "", user: "eve", host: "h", pid: 1, since: new Date(0), state: "stale" as const };
    const resource = {
      urn: "urn:pulumi:s::p::kubernetes:apps/v1:Deployment::web",
      type: "kubernetes:apps/v1:Deployment",
      custom: true,
    };
    expect(lines({ locks: [lock], pending: [{ type: "creating", resource }] })).toEqual([
      expect.stringMatching(
        /^error the stack is locked by eve on h \(process 1\).*, which is gone$/,
      ) as string,
      "error Deployment web was being worked on (creating) when a run was killed",
    ]);
  });

  it("tells Traefik of another major version, and that its definitions are missing", () => {
    const traefik = object(
      "Pod",
      "t",
      { status: READY, spec: { containers: [{ image: "r/traefik:v2.11" }] } },
      { labels: { "app.kubernetes.io/name": "traefik" } },
    );
    expect(lines({ objects: { Pod: [pod(), traefik] }, groups: [] })).toEqual([
      "error r/traefik:v2.11 is not Traefik 3",
      "error the cluster does not serve traefik.io: Traefik's CustomResourceDefinitions are missing",
    ]);
  });

  it("finds the node ports that a configuration asks for", () => {
    expect(nodePortsIn('{"web":{"nodePort":30350},"x":{"nodePort":"31971"}}')).toEqual([30350, 31971]);
    expect(nodePortsIn("30350")).toEqual([]);
  });
});

it("sends whoever has a certificate of cert-manager's to cert-manager", () => {
  const advice = (annotations: object): string | undefined => {
    const secret = object("Secret", "tls", { type: "kubernetes.io/tls" }, { annotations });
    return diagnose(healthy({ objects: { Secret: [secret] } }))[0]?.advice;
  };
  expect(advice({})).toMatch(/^`pulumi up` issues what is due/);
  expect(advice({ "cert-manager.io/certificate-name": "tls" })).toBe(
    "cert-manager renews it, and says why it does not: kubectl describe certificate,certificaterequest,order,challenge --namespace shop",
  );
});
