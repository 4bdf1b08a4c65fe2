import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { imageReference } from "../../../apps/images.ts";
import { nameImage } from "../../../lab/cluster/images.ts";
import { TRAEFIK_VERSION } from "../../../components/traefik/chart.ts";
import { atRevision } from "../../../cli/render/revision.ts";
import { Client, load, objects, ROOT, site, TestStack } from "../harness/index.ts";
import { answering, beside, published, type Published } from "./program.ts";

const NAME = "e2e-upgrade";
const NAMESPACE = `slipway-${NAME}`;

/** The first revision that a README told people to use. */
const FIRST = "7637729870cd4a5a28b33a86bba6dd53b501140b";

/** Whether the clone has the revision: a shallow one has not. */
const known = ((): boolean => {
  try {
    execFileSync("git", ["cat-file", "-e", `${FIRST}^{commit}`], { cwd: ROOT, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const title = known ? "a stack of the first release" : "a stack of the first release (git fetch --unshallow)";

describe.skipIf(!known)(title, () => {
  let stack: TestStack;
  let directory: string;
  let at: Published;
  let before: Record<string, string>;

  /** What must be the same after an upgrade: object by name, and who it is. */
  const identities = async (): Promise<Record<string, string>> => {
    const all = await objects(
      "deployments,services,namespaces",
      "--all-namespaces",
      `-lslipway.dev/stack=${NAME}`,
    );
    return Object.fromEntries(all.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.uid]));
  };

  beforeAll(async () => {
    // Of this place both programs are told by the stack file: what a site file may hold has changed.
    directory = await mkdtemp(join(tmpdir(), `slipway-${NAME}-site-`));
    const none = join(directory, "site.json");
    await writeFile(none, "{}");
    const { traefik: { chart, crds } = {}, endpoint } = site();
    const image = imageReference("fastapi", undefined);
    const app = {
      image,
      probes: { liveness: "/healthz", readiness: "/readyz" },
      writable: ["/tmp"],
      replicas: 2,
    };
    const traefik = {
      ...(beside(NAME)["traefik"] as object),
      service: { type: "NodePort" },
      crds,
      // Or clients that keep a connection busy would lose a request at the end of Traefik's old pod.
      lifeCycle: { keepAliveMaxTime: 3 },
    };
    // Its own chart, and its own program with today's packages.
    await atRevision({ project: ROOT, revision: FIRST, files: [] }, async (program) => {
      stack = await TestStack.prepare(NAME, {
        program,
        env: { SLIPWAY_SITE: none },
        config: {
          endpoint: { address: endpoint.nodeAddress },
          traefik: { ...traefik, chart: join(program, "lab/chart/traefik") },
          apps: {
            hello: app,
            api: { ...app, host: "apps", path: "/api", stripPrefix: true, rootPathEnv: "UVICORN_ROOT_PATH" },
          },
        },
      });
      await stack.up().finally(() => stack.runBy("."));
    });
    at = await published(stack);
    before = await identities();
    await stack.configure({ traefik: { chart } });
  });

  afterAll(async () => {
    await stack.remove();
    await rm(directory, { recursive: true });
  });

  /** Runs something while clients ask, half of them on a connection a request. */
  async function underLoad(run: () => Promise<unknown>): Promise<readonly string[]> {
    const end = run();
    const { address } = at.endpoint;
    const reports = await Promise.all(
      [true, false].map(async (keepAlive) => {
        const client = new Client({ address, ca: at.ca, keepAlive });
        const urls = [`${at.urls["hello"] ?? ""}/whoami`, `${at.urls["api"] ?? ""}/whoami`];
        const options = { requests: 500, until: end, concurrency: 2 };
        const all = await Promise.all(urls.map((url) => load(client, url, options)));
        await client.close();
        return all;
      }),
    );
    await end;
    return reports.flat().flatMap(({ failed }) => failed);
  }

  it("previews what today's program does to it: nothing that people reach is deleted or replaced", async () => {
    const object = (text: string): string => text.replace("kubernetes:", "");
    const own = (await stack.changes()).filter(({ resource }) => resource.startsWith("kubernetes:"));
    const secret = (host: string): string => `core/v1:Secret ${NAMESPACE}-${host}.${NAME}.slipway.test-tls`;
    expect(own.map(({ op, resource }) => `${op} ${object(resource)}`).sort()).toEqual(
      [
        // A certificate is a Secret of its hosts now, and an app's own before: the new one is there before the old one goes.
        ...["apps", "hello"].flatMap((host) => [
          `create-replacement ${secret(host)}`,
          `replace ${secret(host)}`,
        ]),
        "delete-replaced core/v1:Secret api-tls",
        "delete-replaced core/v1:Secret hello-tls",
        // Apps that take the same prefix off share what does it.
        `create traefik.io/v1alpha1:Middleware ${NAMESPACE}-strip-api-middleware`,
        "delete traefik.io/v1alpha1:Middleware api-strip-api-middleware",
        "update traefik.io/v1alpha1:IngressRoute api-route",
        "update traefik.io/v1alpha1:IngressRoute hello-route",
        // The chart of today's clone; the pods stay.
        `update apps/v1:Deployment platform-traefik-chart:${NAMESPACE}-traefik/traefik`,
      ].sort(),
    );
  });

  it("is brought up by it under load without a lost request, with the same objects and the same authority", async () => {
    expect(await underLoad(() => stack.up())).toEqual([]);
    expect(await identities()).toMatchObject(before);
    expect(await stack.output("caCertificate")).toBe(at.ca);
    expect(await stack.output("urls")).toEqual(at.urls);
    expect(await stack.changes()).toEqual([]);
    for (const url of Object.values(at.urls)) await answering(at.client, url);
  });

  it("gets another version of Traefik under load without a lost request, and the one before back", async () => {
    // The lab has one Traefik: the same program under the name of the next patch, whose rollout is the same.
    const next = `${TRAEFIK_VERSION}-next`;
    await nameImage(`docker.io/library/traefik:${TRAEFIK_VERSION}`, `docker.io/library/traefik:${next}`);
    for (const tag of [next, undefined]) {
      await stack.configure({ traefik: { image: { tag } } });
      const traefik = `kubernetes:apps/v1:Deployment platform-traefik-chart:${NAMESPACE}-traefik/traefik`;
      expect(await stack.changes()).toEqual([
        { op: "update", resource: traefik, properties: ["spec.template.spec.containers[0].image"] },
      ]);
      expect(await underLoad(() => stack.up())).toEqual([]);
    }
  });
});
