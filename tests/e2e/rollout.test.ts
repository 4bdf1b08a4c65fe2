import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";

import {
  answeredBy,
  type Config,
  kubectl,
  type KubeObject,
  load,
  loadDuring,
  objects,
  pauseControllerManager,
  useExample,
  waitFor,
} from "./harness/index.ts";

const example = useExample("rollout", "e2e-rollout", { config: { progressDeadlineSeconds: 90 } });
const client = example.client();
const url = example.url("rollout.test", "/healthz");
const namespace = (): Promise<string> => example.stack().namespace();
const deploy = (config: Config): Promise<unknown> => example.stack().deploy(config);

/** Versions that the example's pods have, those that are ending included. */
const running = async (): Promise<string[]> => {
  const pods = await objects("pods", "--namespace", await namespace());
  const found = pods.flatMap(
    ({ spec }) => (spec as { containers: { env: { name: string; value?: string }[] }[] }).containers,
  );
  return found.map(({ env }) => env.find(({ name }) => name === "APP_VERSION")?.value ?? "").sort();
};

/** Names of the pods, those that are ending included. */
const pods = async (): Promise<string[]> =>
  (await objects("pods", "--namespace", await namespace())).map(({ metadata }) => metadata.name);

const onlyRuns = (wanted: string): Promise<boolean> =>
  waitFor(async () => (await running()).every((found) => found === wanted), {
    message: `only pods of version ${wanted}`,
  });

afterAll(() => client.close());

describe("a rolling update", () => {
  it("to another image under load loses no request of 5 000", async () => {
    const rollout = deploy({ app: "fastapi", version: "2" }).then(() => onlyRuns("2"));
    const { sent, answers } = await loadDuring(rollout, client, url, { requests: 5_000, key: answeredBy });
    expect(sent).toBeGreaterThanOrEqual(5_000);
    expect(Object.keys(answers).sort()).toEqual(["1", "2"]);
  });

  it("to the same image, by another restart, loses none either", async () => {
    const before = await pods();
    const gone = async (): Promise<boolean> => (await pods()).every((pod) => !before.includes(pod));
    const rollout = deploy({ restart: "2026-11-26" }).then(() =>
      waitFor(gone, { message: "the old pods to go" }),
    );
    const { answers } = await loadDuring(rollout, client, url, {
      requests: 1_000,
      concurrency: 2,
      key: answeredBy,
    });
    expect(Object.keys(answers)).toEqual(["2"]);
  });

  it("leaves nothing to change, and previews a number of replicas as that alone", async () => {
    expect(await example.stack().changes()).toEqual([]);
    await example.stack().configure({ replicas: 4 });
    expect(await example.stack().changes()).toEqual([
      { op: "update", resource: "kubernetes:apps/v1:Deployment web", properties: ["spec.replicas"] },
    ]);
    await example.stack().configure({ replicas: undefined });
  });
});

describe("a broken version", () => {
  /** The old pods go on, `up` fails in time, and what it says. */
  const broken = async (config: Config): Promise<string> => {
    const printed = example.stack().log.length;
    const begun = Date.now();
    const failure = deploy({ ...config, progressDeadlineSeconds: 15 });
    const { failed, answers } = await load(client, url, { requests: 1, until: failure, key: answeredBy });
    await expect(failure).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(failed).toEqual([]);
    expect(Object.keys(answers)).toEqual(["2"]);
    expect((await running()).filter((found) => found === "2")).toHaveLength(3);
    return example.stack().log.slice(printed);
  };

  it("whose image is not there never takes the old pods away, and says why", async () => {
    const said = await broken({ image: "registry.invalid/slipway-nginx:none", version: "3" });
    expect(said).toMatch(/\[(ImagePullBackOff|ErrImagePull)\].*registry\.invalid\/slipway-nginx:none/);
  });

  it("that ends at once says what it wrote last", async () => {
    const said = await broken({ image: undefined, app: "nginx", version: "not a version" });
    expect(said).toContain('APP_VERSION: "not a version" may hold letters, digits and . _ + - only');
  });

  it("is noticed when the controller manager is late, and the status still the old version's", async () => {
    const generation = async (): Promise<number> => {
      const found = await objects("deployments", "--namespace", await namespace());
      return (found[0]?.metadata as unknown as { generation: number }).generation;
    };
    const before = await generation();
    const printed = example.stack().log.length;
    const goOn = pauseControllerManager();
    let ended = false;
    const failure = deploy({ image: "registry.invalid/slipway-nginx:late", version: "3" }).finally(() => {
      ended = true;
    });
    failure.catch(() => undefined);
    try {
      await waitFor(async () => (await generation()) > before, { message: "the Deployment to be changed" });
      // Time enough for the provider to take the old status for the new one.
      await sleep(5_000);
      expect(ended).toBe(false);
    } finally {
      goOn();
    }
    await expect(failure).rejects.toThrow();
    expect(example.stack().log.slice(printed)).toMatch(
      /\[(ImagePullBackOff|ErrImagePull)\].*registry\.invalid\/slipway-nginx:late/,
    );
  });

  it("is taken back by setting the old one", async () => {
    await deploy({ app: "fastapi", version: "2", image: undefined, progressDeadlineSeconds: 90 });
    await onlyRuns("2");
    expect(await example.stack().changes()).toEqual([]);
  });
});

describe("a rollout in steps", () => {
  /** Number of pods of the new version, once the controller has seen the last change and every pod is there. */
  const standing = async (): Promise<number | undefined> => {
    const [deployment] = await objects("deployments", "--namespace", await namespace());
    const { metadata, status } = deployment as KubeObject & {
      metadata: { generation: number };
      status: {
        observedGeneration: number;
        replicas: number;
        readyReplicas: number;
        updatedReplicas: number;
      };
    };
    const seen =
      status.observedGeneration === metadata.generation && status.readyReplicas === status.replicas;
    return seen ? status.updatedReplicas : undefined;
  };

  it("stands still halfway while it is paused, and ends when resumed", async () => {
    const rollout = deploy({ app: "nginx", version: "3", minReadySeconds: 4 });
    const mixed = async (): Promise<boolean> => {
      const { answers } = await load(client, url, { requests: 40, key: answeredBy });
      return Object.keys(answers).sort().join() === "2,3";
    };
    await waitFor(mixed, { message: "answers of both versions" });
    await kubectl("rollout", "pause", "deployment/web", "--namespace", await namespace());
    const halfway = await waitFor(standing, { message: "the step under way to end" });
    // Longer than the next step would have taken.
    const paused = load(client, url, { requests: 1, until: sleep(8_000), key: answeredBy });
    expect(Object.keys((await paused).answers).sort()).toEqual(["2", "3"]);
    expect(await running()).toContain("2");
    expect(await standing()).toBe(halfway);

    await kubectl("rollout", "resume", "deployment/web", "--namespace", await namespace());
    await rollout;
    await onlyRuns("3");
  });

  it("waits as long as the program says paused", async () => {
    await deploy({ paused: true, version: "4", minReadySeconds: 0, replicas: 4 });
    expect(new Set(await running())).toEqual(new Set(["3"]));
  });

  it("replaces a quarter at a time with 25 % above and 25 % below the number, and loses no request", async () => {
    const quarter = { maxSurge: "25%", maxUnavailable: "25%" };
    const scaled = await steps();
    const rollout = deploy({ paused: undefined, rollingUpdate: quarter }).then(() => onlyRuns("4"));
    await loadDuring(rollout, client, url, { requests: 1_000 });
    // One more than four, and one less, before any new pod is ready.
    expect((await scaled()).slice(0, 3)).toEqual(["up from 0 to 1", "down from 4 to 3", "up from 1 to 2"]);
  });

  it("goes back to a revision that is still kept, without a new one", async () => {
    const sets = async (): Promise<string[]> =>
      (await objects("replicasets", "--namespace", await namespace()))
        .map(({ metadata }) => metadata.name)
        .sort();
    const before = await sets();
    const printed = example.stack().log.length;
    const all = { maxSurge: 0, maxUnavailable: "100%" };
    const scaled = await steps();
    await deploy({ version: "3", rollingUpdate: all });
    await onlyRuns("3");
    // All at once, so that nobody may answer in between.
    expect(await scaled()).toEqual(["down from 4 to 0", "up from 0 to 4"]);
    expect(example.stack().log.slice(printed)).toContain(
      "strategy.maxUnavailable 100%: nobody answers while web is replaced",
    );
    expect(await sets()).toEqual(before);
  });

  /** What becomes of the sizes of ReplicaSets from now on, in order: events of it are left out after many rollouts. */
  async function steps(): Promise<() => Promise<string[]>> {
    const within = ["replicasets", "--namespace", await namespace()];
    const sizes = new Map(
      (await objects(...within)).map(({ metadata, spec }) => [
        metadata.name,
        String((spec as { replicas: number }).replicas),
      ]),
    );
    const line = String.raw`jsonpath={.metadata.name} {.spec.replicas}{"\n"}`;
    const watch = execa("kubectl", ["get", ...within, "--watch", "--output", line], { reject: false });
    return async () => {
      watch.kill();
      return (await watch).stdout.split("\n").flatMap((shown) => {
        const [name = "", size = ""] = shown.split(" ");
        const before = sizes.get(name) ?? "0";
        sizes.set(name, size);
        if (size === before || size === "") return [];
        return [`${Number(size) > Number(before) ? "up" : "down"} from ${before} to ${size}`];
      });
    };
  }
});

describe("kubectl rollout", () => {
  const rollout = async (verb: string, ...args: string[]): Promise<string> =>
    kubectl("rollout", verb, "deployment/web", "--namespace", await namespace(), ...args);
  /** Number of the last revision whose pods have a version, by what `history` shows of each. */
  const revisionOf = async (version: string): Promise<string> => {
    const numbers = (await rollout("history")).match(/^\d+/gm) ?? [];
    for (const revision of numbers.reverse()) {
      const shown = await rollout("history", `--revision=${revision}`);
      if (new RegExp(`APP_VERSION:\\s+${version}$`, "m").test(shown)) return revision;
    }
    throw new Error(`no revision of ${version} in the history`);
  };

  it("restart replaces all pods without a lost request, and status ends when that is done", async () => {
    await deploy({ version: "5", replicas: undefined, rollingUpdate: undefined });
    const before = await pods();
    const restart = rollout("restart").then(() => rollout("status", "--timeout=60s"));
    await loadDuring(restart, client, url, { requests: 1_000 });
    expect(await restart).toContain('deployment "web" successfully rolled out');
    const gone = async (): Promise<boolean> => (await pods()).every((pod) => !before.includes(pod));
    await waitFor(gone, { message: "the old pods to go" });
    expect(await example.stack().changes()).toEqual([]);
  });

  it("undo --to-revision goes back without a lost request, is told by drift, and kept by `up --refresh` once the program says the same", async () => {
    const undo = rollout("undo", `--to-revision=${await revisionOf("3")}`).then(() => onlyRuns("3"));
    await loadDuring(undo, client, url, { requests: 1_000 });

    const { code, stdout } = await example.stack().slipway("drift");
    expect(code).toBe(7);
    expect(stdout).toMatch(/Deployment \S+\/web.*"5"\s+"3"/);

    await example.stack().configure({ version: "3" });
    const before = await running();
    await example.stack().command("up", "--refresh", "--yes", "--skip-preview");
    expect(await running()).toEqual(before);
    expect(await example.stack().changes()).toEqual([]);
    await deploy({ version: "4" });
    await onlyRuns("4");
  });
});

it("recreating leaves a gap, and says so", async () => {
  const rollout = deploy({ strategy: "recreate", version: "6" }).then(() =>
    waitFor(async () => answeredBy(await client.get(url)) === "6", { message: "the new version to answer" }),
  );
  const { failed, answers } = await load(client, url, { requests: 1, until: rollout, key: answeredBy });
  await rollout;
  expect(example.stack().log).toContain("strategy recreate: nobody answers while web is replaced");
  expect(answers).toHaveProperty("4");
  expect(failed.length).toBeGreaterThan(0);
  expect(failed[0]).toMatch(/: 503 /);
});

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
