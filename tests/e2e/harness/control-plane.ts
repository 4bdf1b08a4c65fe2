import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { kubectl, objects } from "./kubectl.ts";
import { waitFor } from "./wait.ts";

/**
 * Kubernetes' own control plane on loopback, for what a cluster has once and the lab's is taken for. It has no node: pods are
 * ready as soon as they exist, and run nothing.
 *
 * While it runs, KUBECONFIG of this process is its own.
 */
export class ControlPlane {
  readonly #directory: string;
  readonly #processes: ChildProcess[] = [];
  readonly #kubeconfig = process.env["KUBECONFIG"];
  #standIn: NodeJS.Timeout | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Directory of the API server's own certificate and key, and of the kubeconfig. */
  get directory(): string {
    return this.#directory;
  }

  /**
   * @param binary Kubernetes' programs and etcd in one, which goes by the name it is called by
   * @param controllers whether anybody acts on the objects, or they are only kept
   */
  static async start(binary: string, { controllers = true } = {}): Promise<ControlPlane> {
    const plane = new ControlPlane(await mkdtemp(join(tmpdir(), "slipway-plane-")));
    try {
      await plane.#start(binary);
      if (controllers) plane.#startControllers(binary);
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  async stop(): Promise<void> {
    clearInterval(this.#standIn);
    process.env["KUBECONFIG"] = this.#kubeconfig;
    for (const child of this.#processes.reverse()) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill("SIGKILL")) await gone;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #start(binary: string): Promise<void> {
    const [client, peer, port] = await freePorts(3);
    const etcd = `http://127.0.0.1:${client}`;
    this.#run(binary, "etcd", {
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
    this.#run(binary, "kube-apiserver", {
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

    const server = `https://127.0.0.1:${port}`;
    const kubeconfig = this.#path("kubeconfig");
    await waitFor(() => this.#writeKubeconfig(kubeconfig, server, token), {
      message: "the API server's certificate",
    });
    process.env["KUBECONFIG"] = kubeconfig;
    await waitFor(() => kubectl("get", "--raw", "/readyz"), { message: "the API server" });
  }

  #startControllers(binary: string): void {
    this.#run(binary, "kube-controller-manager", {
      kubeconfig: this.#path("kubeconfig"),
      "leader-elect": "false",
      "secure-port": "0",
    });
    this.#standIn = setInterval(() => void markPodsReady().catch(() => undefined), 500);
  }

  async #writeKubeconfig(file: string, server: string, token: string): Promise<boolean> {
    const authority = await readFile(this.#path("apiserver.crt"), "base64");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "plane",
      contexts: [{ name: "plane", context: { cluster: "plane", user: "admin" } }],
      clusters: [{ name: "plane", cluster: { server, "certificate-authority-data": authority } }],
      users: [{ name: "admin", user: { token } }],
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return authority !== "";
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #run(binary: string, name: string, flags: Readonly<Record<string, string>>): void {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = spawn(binary, args, { argv0: name, stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.pipe(createWriteStream(this.#path(`${name}.log`)));
    this.#processes.push(child);
  }
}

/** What kubelets would say of pods that run: without a node, nobody else does. */
async function markPodsReady(): Promise<void> {
  const conditions = ["Ready", "ContainersReady"].map((type) => ({ type, status: "True" }));
  const status = JSON.stringify({ status: { phase: "Running", podIP: "192.0.2.1", conditions } });
  for (const { metadata, ...pod } of await objects("pods", "--all-namespaces")) {
    if ((pod["status"] as { phase: string }).phase !== "Pending") continue;
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
