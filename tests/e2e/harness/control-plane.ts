import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Cluster } from "../../../cli/cluster/cluster.ts";
import { kubectl } from "./kubectl.ts";
import { waitFor } from "./wait.ts";

/**
 * Kubernetes' own control plane on loopback, for what a cluster has once and the lab's is taken for. It has no node: pods are
 * ready as soon as they exist, and run nothing.
 *
 * While it runs, KUBECONFIG of this process is its own.
 */
export class ControlPlane {
  /** Address of the API server. */
  server = "";
  #etcd = "";
  readonly #binary: string;
  readonly #directory: string;
  readonly #processes = new Map<Part, { readonly child: ChildProcess; readonly flags: Flags }>();
  readonly #kubeconfig = process.env["KUBECONFIG"];
  #standIn: { readonly timer: NodeJS.Timeout; readonly cluster: Cluster } | undefined;

  private constructor(binary: string, directory: string) {
    this.#binary = binary;
    this.#directory = directory;
  }

  /** Directory of the API server's own certificate and key, and of the kubeconfig. */
  get directory(): string {
    return this.#directory;
  }

  /** Its kubeconfig. */
  get kubeconfig(): string {
    return this.#path("kubeconfig");
  }

  /**
   * @param binary Kubernetes' programs and etcd in one, which goes by the name it is called by
   * @param controllers whether anybody acts on the objects, or they are only kept
   */
  static async start(binary: string, { controllers = true } = {}): Promise<ControlPlane> {
    const plane = new ControlPlane(binary, await mkdtemp(join(tmpdir(), "slipway-plane-")));
    try {
      await plane.#start();
      if (controllers) await plane.#startControllers();
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  async stop(): Promise<void> {
    clearInterval(this.#standIn?.timer);
    await this.#standIn?.cluster.close();
    process.env["KUBECONFIG"] = this.#kubeconfig;
    for (const part of [...this.#processes.keys()].reverse()) await this.kill(part);
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Ends one of its programs at once, as a machine does that loses power. */
  async kill(part: Part): Promise<void> {
    const child = this.#processes.get(part)?.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    if (child.kill("SIGKILL")) await gone;
  }

  /** Stops one of its programs where it stands: whoever asks it waits. @returns lets it go on */
  pause(part: Part): () => void {
    const child = this.#processes.get(part)?.child;
    child?.kill("SIGSTOP");
    return () => void child?.kill("SIGCONT");
  }

  /** Starts a program that was killed, as it was. */
  async restart(part: Part): Promise<void> {
    await this.kill(part);
    this.#run(part, this.#processes.get(part)?.flags ?? {});
    await waitFor(() => kubectl("get", "--raw", "/readyz"), { message: `the API server, after ${part}` });
  }

  /** Has etcd take nothing more, as it does once it has used up its quota; or take things again. */
  async full(is: boolean): Promise<void> {
    const { members } = await this.#askEtcd<{ members: [{ ID: string }] }>("cluster/member/list", {});
    const action = is ? "ACTIVATE" : "DEACTIVATE";
    await this.#askEtcd("maintenance/alarm", { action, memberID: members[0].ID, alarm: "NOSPACE" });
  }

  /** Takes an object out of etcd, and with nobody's knowledge: `/registry/services/specs/default/web`. */
  async lose(key: string): Promise<void> {
    await this.#askEtcd("kv/deleterange", { key: Buffer.from(key).toString("base64") });
  }

  async #askEtcd<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${this.#etcd}/v3/${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await answer.json()) as T;
  }

  async #start(): Promise<void> {
    const [client, peer, port] = await freePorts(3);
    const etcd = `http://127.0.0.1:${client}`;
    this.#etcd = etcd;
    this.#run("etcd", {
      "data-dir": this.#path("etcd"),
      "listen-client-urls": etcd,
      "advertise-client-urls": etcd,
      "listen-peer-urls": `http://127.0.0.1:${peer}`,
      "unsafe-no-fsync": "true",
    });

    const token = randomBytes(16).toString("hex");
    await writeFile(this.#path("tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = this.#path("service-accounts.pem");
    await writeFile(key, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    this.#run("kube-apiserver", {
      "etcd-servers": etcd,
      "bind-address": "127.0.0.1",
      "secure-port": String(port),
      "cert-dir": this.#directory,
      "token-auth-file": this.#path("tokens.csv"),
      "authorization-mode": "RBAC",
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-account-key-file": key,
      "service-account-signing-key-file": key,
      "service-cluster-ip-range": "10.96.0.0/16",
      "service-node-port-range": "30000-36000",
      // Nobody here makes the accounts' tokens and bundles for pods that do not run.
      "disable-admission-plugins": "ServiceAccount",
    });

    this.server = `https://127.0.0.1:${port}`;
    const { kubeconfig } = this;
    await waitFor(() => this.#writeKubeconfig(kubeconfig, token), {
      message: "the API server's certificate",
    });
    process.env["KUBECONFIG"] = kubeconfig;
    await waitFor(() => kubectl("get", "--raw", "/readyz"), { message: "the API server" });
  }

  async #startControllers(): Promise<void> {
    this.#run("kube-controller-manager", {
      kubeconfig: this.#path("kubeconfig"),
      "leader-elect": "false",
      "secure-port": "0",
    });
    const cluster = await Cluster.open();
    const timer = setInterval(() => void markPodsReady(cluster).catch(() => undefined), 500);
    this.#standIn = { timer, cluster };
  }

  async #writeKubeconfig(file: string, token: string): Promise<boolean> {
    const authority = await readFile(this.#path("apiserver.crt"), "base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "plane",
      contexts: [{ name: "plane", context: { cluster: "plane", user: "admin" } }],
      clusters: [
        { name: "plane", cluster: { server: this.server, "certificate-authority-data": authority } },
      ],
      users: [{ name: "admin", user: { token } }],
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return authority !== "";
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #run(part: Part, flags: Flags): void {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = spawn(this.#binary, args, { argv0: part, stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.pipe(createWriteStream(this.#path(`${part}.log`), { flags: "a" }));
    this.#processes.set(part, { child, flags });
  }
}

type Part = "etcd" | "kube-apiserver" | "kube-controller-manager";
type Flags = Readonly<Record<string, string>>;

/** What kubelets would say of pods that run: without a node, nobody else does. */
async function markPodsReady(cluster: Cluster): Promise<void> {
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: "True" }));
  const status = JSON.stringify({ status: { phase: "Running", podIP: "192.0.2.1", conditions } });
  for (const { metadata } of await cluster.list("v1", "Pod", { fieldSelector: "status.phase=Pending" })) {
    const at = ["--namespace", metadata.namespace ?? "", metadata.name];
    await kubectl("patch", "pod", ...at, "--subresource=status", "--type=merge", `--patch=${status}`);
  }
}

/** Ports of loopback that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
