import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { Cluster } from "../../../cli/cluster/cluster.ts";
import { apiResources, type GroupDiscoveryList, resourcePath } from "../../../cli/cluster/discovery.ts";
import { ApiError, refused, unreachable, UnreachableError } from "../../../cli/cluster/errors.ts";
import { describeRef, objectKey } from "../../../kubernetes/object.ts";

const DISCOVERY: Record<"/api" | "/apis", GroupDiscoveryList> = {
  "/api": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        versions: [
          {
            version: "v1",
            resources: [
              {
                resource: "pods",
                scope: "Namespaced",
                verbs: ["get", "list"],
                responseKind: { kind: "Pod" },
              },
              {
                resource: "namespaces",
                scope: "Cluster",
                verbs: ["get", "list"],
                responseKind: { kind: "Namespace" },
              },
              {
                resource: "bindings",
                scope: "Namespaced",
                verbs: ["create"],
                responseKind: { kind: "Binding" },
              },
            ],
          },
        ],
      },
    ],
  },
  "/apis": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        metadata: { name: "autoscaling" },
        versions: ["v2", "v1"].map((version) => ({
          version,
          resources: [
            {
              resource: "horizontalpodautoscalers",
              scope: "Namespaced",
              verbs: ["get", "list"],
              responseKind: { kind: "HorizontalPodAutoscaler" },
            },
          ],
        })),
      },
    ],
  },
};

describe("discovery", () => {
  it("gives every kind in every version, and which version is preferred", () => {
    expect(apiResources(DISCOVERY["/apis"])).toEqual([
      expect.objectContaining({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        preferred: true,
      }),
      expect.objectContaining({ apiVersion: "autoscaling/v1", preferred: false }),
    ]);
    expect(apiResources(DISCOVERY["/api"])[0]).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      plural: "pods",
      namespaced: true,
      verbs: ["get", "list"],
      preferred: true,
    });
  });

  it("leads to paths", () => {
    const pods = { apiVersion: "v1", plural: "pods", namespaced: true };
    const classes = { apiVersion: "networking.k8s.io/v1", plural: "ingressclasses", namespaced: false };
    expect(resourcePath(pods)).toBe("/api/v1/pods");
    expect(resourcePath(pods, { namespace: "shop", name: "web" })).toBe("/api/v1/namespaces/shop/pods/web");
    expect(resourcePath(classes, { namespace: "shop", name: "a" })).toBe(
      "/apis/networking.k8s.io/v1/ingressclasses/a",
    );
  });
});

describe("an object", () => {
  it("is the same in every version of its API", () => {
    const ref = { kind: "HorizontalPodAutoscaler", namespace: "shop", name: "web" };
    expect(objectKey({ apiVersion: "autoscaling/v1", ...ref })).toBe(
      objectKey({ apiVersion: "autoscaling/v2", ...ref }),
    );
    expect(describeRef(ref)).toBe("HorizontalPodAutoscaler shop/web");
  });
});

describe("what a cluster refuses", () => {
  const target = { server: "https://10.0.0.1:6443", context: "lab" };

  it("says that the client's certificate ended, where it did", () => {
    const certificateEnd = new Date("2026-01-02T03:04:05Z");
    const error = refused(401, "{}", { ...target, certificateEnd }, new Date("2026-02-01"));
    expect(error.message).toBe("the client certificate of context lab ended on 2026-01-02");
    expect(error.advice).toContain("fetch the kubeconfig anew");
  });

  it("says that credentials are not accepted", () => {
    expect(refused(401, "{}", target).message).toBe(
      "the cluster at https://10.0.0.1:6443 does not accept the credentials of context lab (401)",
    );
  });

  it("passes on what the server says", () => {
    const body = JSON.stringify({ kind: "Status", reason: "Forbidden", message: "secrets is forbidden" });
    const error = refused(403, body, target);
    expect(error).toMatchObject({ status: 403, reason: "Forbidden" });
    expect(error.message).toBe("the API server refused (403 Forbidden): secrets is forbidden");
    expect(error.advice).toContain("kubectl auth can-i --list");
  });

  it("knows another cluster, and a wrong clock, by what TLS says", () => {
    const tls = (code: string) => Object.assign(new Error("in TLS's words"), { code });
    expect(unreachable(tls("SELF_SIGNED_CERT_IN_CHAIN"), target).advice).toContain("another cluster's");
    expect(unreachable(tls("CERT_NOT_YET_VALID"), target).advice).toContain("clock");
    expect(unreachable(tls("ECONNREFUSED"), target).advice).toContain("kubectl cluster-info");
  });
});

describe("a cluster", () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** An API server that answers by path; what it does not know it does not have. */
  const serve = async (
    answers: Readonly<Record<string, (url: URL) => { status?: number; body: object } | undefined>>,
  ): Promise<Cluster> => {
    const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      const url = new URL(incoming.url ?? "/", "http://localhost");
      const path = url.pathname as keyof typeof DISCOVERY;
      const found = path in DISCOVERY ? { body: DISCOVERY[path] } : answers[url.pathname]?.(url);
      const { status = 200, body } = found ?? { status: 404, body: { reason: "NotFound" } };
      outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    server = createServer(answer).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    return Cluster.open({ kubeconfig: kubeconfig((server.address() as AddressInfo).port) });
  };

  const kubeconfig = (port: number): string =>
    JSON.stringify({
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "test", user: { token: "secret" } }],
    });

  const pod = (name: string, namespace = "shop") => ({ metadata: { name, namespace, uid: `uid-${name}` } });

  it("gives all pages of a list, each object with its kind", async () => {
    const cluster = await serve({
      "/api/v1/namespaces/shop/pods": (url) => {
        expect(url.searchParams.get("labelSelector")).toBe("app=web");
        return url.searchParams.get("continue") === "next"
          ? { body: { metadata: {}, items: [pod("b")] } }
          : { body: { metadata: { continue: "next" }, items: [pod("a")] } };
      },
    });
    const pods = await cluster.list("v1", "Pod", { namespace: "shop", labelSelector: "app=web" });
    expect(pods).toEqual([
      { apiVersion: "v1", kind: "Pod", ...pod("a") },
      { apiVersion: "v1", kind: "Pod", ...pod("b") },
    ]);
  });

  it("gives objects of all kinds, and says which it could not read", async () => {
    const cluster = await serve({
      "/api/v1/pods": () => ({ body: { metadata: {}, items: [pod("a")] } }),
      "/api/v1/namespaces": () => ({ status: 403, body: { reason: "Forbidden" } }),
      "/apis/autoscaling/v2/horizontalpodautoscalers": () => ({ body: { metadata: {}, items: [] } }),
    });
    expect(await cluster.listAll()).toEqual({
      objects: [{ apiVersion: "v1", kind: "Pod", ...pod("a") }],
      unread: ["namespaces"],
    });
  });

  it("has no object that is not there, nor one of a kind it does not serve", async () => {
    const cluster = await serve({});
    expect(
      await cluster.get({ apiVersion: "v1", kind: "Pod", name: "a", namespace: "shop" }),
    ).toBeUndefined();
    expect(await cluster.get({ apiVersion: "example.com/v1", kind: "Thing", name: "a" })).toBeUndefined();
    expect(await cluster.list("example.com/v1", "Thing")).toEqual([]);
  });

  it("cannot be reached where nobody listens", async () => {
    const cluster = await serve({});
    const { port } = server.address() as AddressInfo;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(cluster.resources()).rejects.toThrow(UnreachableError);
    await expect(cluster.resources()).rejects.toThrow(
      `the cluster of context test cannot be reached at http://127.0.0.1:${port}: connect ECONNREFUSED`,
    );
  });

  it("gives the server's refusal", async () => {
    const cluster = await serve({ "/api/v1/pods": () => ({ status: 401, body: {} }) });
    await expect(cluster.list("v1", "Pod")).rejects.toThrow(ApiError);
    await expect(cluster.listAll()).rejects.toThrow("does not accept the credentials of context test");
  });

  it("is none without a kubeconfig, or a context of the name", async () => {
    await serve({});
    await expect(Cluster.open({ kubeconfig: kubeconfig(1), context: "prod" })).rejects.toThrow(
      "the provider's kubeconfig has no context prod",
    );
    await expect(Cluster.open({ kubeconfig: "{" })).rejects.toThrow("cannot be read");
  });
});
