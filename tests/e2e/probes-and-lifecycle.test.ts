import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { execIn, kubectl, objects, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-lifecycle", { program: "examples/probes-and-lifecycle" });
const namespace = (): Promise<string> => example().namespace();

interface Pod {
  readonly name: string;
  readonly ip: string;
  readonly restarts: number;
}

/** Pods of one of the example's apps that are not ending. */
async function pods(app: string): Promise<Pod[]> {
  const found = await objects("pods", "--namespace", await namespace(), `-lapp.kubernetes.io/name=${app}`);
  return found
    .filter(({ metadata }) => !("deletionTimestamp" in metadata))
    .map(({ metadata, ...pod }) => {
      const { podIP, containerStatuses } = pod["status"] as {
        podIP: string;
        containerStatuses: { restartCount: number }[];
      };
      return { name: metadata.name, ip: podIP, restarts: containerStatuses[0]?.restartCount ?? 0 };
    });
}

/** Asks URLs one after another from inside a pod; gives the bodies. */
async function ask(urls: readonly string[], from = "deployment/slow"): Promise<string[]> {
  const program = `import json, sys, urllib.request
print(json.dumps([urllib.request.urlopen(url, timeout=30).read().decode().strip() for url in sys.argv[1:]]))`;
  return JSON.parse(await execIn(await namespace(), from, ["python3", "-c", program, ...urls])) as string[];
}

/** Who answers twenty requests to a Service, each once. */
const answering = async (service: string): Promise<string[]> =>
  [...new Set(await ask(Array<string>(20).fill(`http://${service}/hostname.html`)))].sort();

/** Whether the one pod of an app is ready. */
const isReady = async (app: string): Promise<boolean> => {
  const [deployment] = await objects(`deployment/${app}`, "--namespace", await namespace());
  return (deployment?.["status"] as { readyReplicas?: number }).readyReplicas === 1;
};

const two = async (): Promise<[Pod, Pod]> => (await pods("probed")) as [Pod, Pod];

describe("probes", () => {
  it("keep traffic from a pod that is not ready, and give it back", async () => {
    const [first, second] = await two();
    const both = [first.name, second.name].sort().join();
    await waitFor(async () => (await answering("probed")).join() === both, {
      message: "both pods to answer",
    });

    await execIn(await namespace(), first.name, ["touch", "/tmp/unready"]);
    const only = async (): Promise<boolean> => (await answering("probed")).join() === second.name;
    await waitFor(only, { message: "the other pod alone to answer" });
    expect(await answering("probed")).toEqual([second.name]);
    // Unready is not dead.
    expect((await two()).map(({ restarts }) => restarts)).toEqual([0, 0]);

    await execIn(await namespace(), first.name, ["rm", "/tmp/unready"]);
    await waitFor(async () => (await answering("probed")).join() === both, { message: "both again" });
  });

  it("ask gRPC servers by their health protocol", async () => {
    const says = async (status: 1 | 2): Promise<boolean> => {
      const frame = String.raw`printf '\000\000\000\000\002\010\00${status}' > /tmp/status`;
      await execIn(await namespace(), "deployment/grpc", ["sh", "-c", frame]);
      const serving = status === 1;
      return waitFor(async () => (await isReady("grpc")) === serving, {
        message: serving ? "ready" : "unready",
      });
    };
    await says(2);
    await says(1);
  });

  it("ask by a connection, and keep traffic from a pod where nobody listens", async () => {
    const listens = async (): Promise<boolean> => {
      const connect = `import socket; socket.create_connection(("listener", 9000), timeout=2).close()`;
      return execIn(await namespace(), "deployment/slow", ["python3", "-c", connect]).then(
        () => true,
        () => false,
      );
    };
    await waitFor(listens, { message: "a connection" });
    const [{ name } = { name: "" }] = await pods("listener");
    await execIn(await namespace(), name, ["touch", "/tmp/deaf"]);
    await waitFor(async () => !(await isReady("listener")), { message: "the pod to be unready" });
    expect(await listens()).toBe(false);
    const events = await kubectl("events", "--namespace", await namespace(), "--for", `pod/${name}`);
    expect(events).toMatch(/Readiness probe failed: dial tcp \S+:9000: connect: connection refused/);
    await execIn(await namespace(), name, ["rm", "/tmp/deaf"]);
    await waitFor(listens, { message: "a connection again" });
    expect(await pods("listener")).toMatchObject([{ name, restarts: 0 }]);
  });

  it("restart a container that is dead", async () => {
    const [first] = await two();
    await execIn(await namespace(), first.name, ["touch", "/tmp/dead"]);
    const restarts = async (): Promise<number | undefined> =>
      (await pods("probed")).find(({ name }) => name === first.name)?.restarts;
    await waitFor(async () => (await restarts()) === 1, { message: "the container to be restarted" });
    await waitFor(async () => (await ask([`http://${first.ip}:8080/healthz`])).join() === "ok", {
      message: "it to answer again",
    });
  });
});

describe("containers of a pod", () => {
  it("start in order: sidecar, one init container after another, app; and the sidecar stays", async () => {
    const [page, order, time] = await ask(
      ["", "order.txt", "time.txt"].map((path) => `http://pages/${path}`),
    );
    expect(page).toBe("Made before the server started");
    expect(order?.split("\n")).toEqual(["sidecar", "first", "second", "server"]);
    await waitFor(async () => (await ask(["http://pages/time.txt"]))[0] !== time, {
      message: "the sidecar to write the time again",
    });
  });

  it("are replaced when the ConfigMap they mount changes", async () => {
    const [before] = await pods("pages");
    await example().configure({ title: "Made anew" });
    await example().up();
    await waitFor(async () => (await ask(["http://pages/"]))[0] === "Made anew", { message: "the new page" });
    expect((await pods("pages")).map(({ name }) => name)).not.toContain(before?.name);
    expect(await example().changes()).toEqual([]);
  });

  it("say what keeps them from starting", async () => {
    const printed = example().log.length;
    await example().configure({ file: "nothing.txt", progressDeadlineSeconds: 15 });
    await expect(example().up()).rejects.toThrow();
    expect(example().log.slice(printed)).toMatch(
      /container page of pod \S+: .*ended with exit code 1 \(Error\).*\/config\/nothing\.txt/s,
    );
    expect(await ask(["http://pages/"])).toEqual(["Made anew"]);
    await example().configure({ file: undefined, progressDeadlineSeconds: undefined });
  });
});

describe("the end of a pod", () => {
  it("comes after the answer to a request it had", async () => {
    const [ending, other] = (await pods("slow")) as [Pod, Pod];
    // Longer than the endpoints' withdrawal takes: the app has been told to end when it answers.
    const answer = ask([`http://${ending.ip}:8080/delay/9`], other.name);
    await waitFor(async () => (await connections(ending)) > 0, { message: "the request to arrive" });
    await kubectl("delete", "pod", ending.name, "--namespace", await namespace(), "--wait=false");
    const [body = ""] = await answer;
    expect(JSON.parse(body)).toMatchObject({ seconds: 9 });
  });

  it("loses no request to the Service meanwhile", async () => {
    const [ending, other] = (await pods("slow")) as [Pod, Pod];
    const requests = ask(Array<string>(400).fill("http://slow/delay/0.02"), other.name);
    await kubectl("delete", "pod", ending.name, "--namespace", await namespace(), "--wait=false");
    expect(await requests).toHaveLength(400);
  });

  it("runs the command before SIGTERM, and is SIGKILL for who ignores that", async () => {
    const [{ name } = { name: "" }] = await pods("stubborn");
    const log = kubectl("logs", "--follow", name, "--namespace", await namespace());
    const code = String.raw`jsonpath={.status.containerStatuses[0].state.terminated.exitCode}{"\n"}`;
    const within = ["--namespace", await namespace()];
    const codes = execa("kubectl", ["get", "pod", name, ...within, "--watch", "--output", code], {
      reject: false,
    });
    const begun = Date.now();
    await kubectl("delete", "pod", name, "--namespace", await namespace(), "--wait");
    const seconds = (Date.now() - begun) / 1000;
    expect((await log).trim().split("\n")).toEqual(["preStop", "SIGTERM"]);
    expect(seconds).toBeGreaterThan(5.5);
    expect(seconds).toBeLessThan(15);
    codes.kill();
    // 128 and the number of SIGKILL.
    expect((await codes).stdout).toMatch(/^137$/m);
  });

  it("is refused where it leaves the app too little time", async () => {
    const printed = example().log.length;
    await example().configure({ gracePeriodSeconds: 30 });
    await expect(example().up()).rejects.toThrow();
    expect(example().log.slice(printed)).toContain(
      "terminationGracePeriodSeconds: 30 must be more than preStopSeconds (5) + shutdownSeconds (25)",
    );
  });
});

/** Connections to a pod's port 8080 that clients hold. */
async function connections({ name }: Pod): Promise<number> {
  const table = await execIn(await namespace(), name, ["cat", "/proc/net/tcp"]);
  // Local port 8080, state established.
  return table.match(/:1F90 [0-9A-F]+:[0-9A-F]+ 01 /g)?.length ?? 0;
}
