import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import { join } from "node:path";

import { logFile, stateDir } from "../base/paths.ts";
import { capture, run } from "../base/run.ts";
import { apiServer, lab } from "./addresses.ts";
import { imageRepository } from "./control-plane-images.ts";
import { logTail } from "./daemon.ts";
import { controlPlanePatches, kubeadmConfig } from "./kubeadm.ts";
import { kubeconfigFile, node } from "./layout.ts";
import { program, runOnNode } from "./node.ts";
import { waitFor } from "./wait.ts";

/** Lets kubeadm write certificates, kubeconfigs and the manifests of the control plane's pods. */
export async function writeControlPlane(version: string): Promise<void> {
  const documents = kubeadmConfig({ kubernetesVersion: version, imageRepository, etcdTag: version });
  // JSON is YAML.
  await writeFile(node.kubeadmConfig, documents.map((document) => JSON.stringify(document)).join("\n---\n"));
  await mkdir(node.kubeadmPatches, { recursive: true });
  for (const [name, patch] of Object.entries(controlPlanePatches())) {
    await writeFile(join(node.kubeadmPatches, name), JSON.stringify(patch));
  }
  await runOnNode(node, program("kubeadm"), ["init", "--config", node.kubeadmConfig]);
  // The administrator that needs no rule in the cluster; the kubelet's and the user's are others.
  await copyFile(join(node.kubernetes, "super-admin.conf"), kubeconfigFile);
  await chmod(kubeconfigFile, 0o600);
}

/** Lets the API server use the kubelet, for logs and `exec`: the work of a phase that is skipped. */
export const kubeletAccess = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "kubeadm:apiserver-kubelet-client" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kubelet-api-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "kube-apiserver-kubelet-client" }],
};

export async function installKubeProxy(): Promise<void> {
  const admin = ["--kubeconfig", "/etc/kubernetes/super-admin.conf"];
  await runOnNode(node, program("kubeadm"), [
    "init",
    "phase",
    "addon",
    "kube-proxy",
    "--config",
    node.kubeadmConfig,
    ...admin,
  ]);
}

/** Whether the API server says it is ready. */
export async function apiIsReady(): Promise<boolean> {
  const certificate = join(node.kubernetes, "pki", "ca.crt");
  if (!existsSync(certificate)) return false;
  const ca = await readFile(certificate);
  return new Promise((resolve, reject) => {
    const call = request(`${apiServer}/readyz`, { ca, timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 2 s")));
    call.on("error", reject);
    call.end();
  });
}

/** @param alive throws once the node's kubelet has ended */
export async function waitForApi(alive: () => void): Promise<void> {
  await waitFor(apiIsReady, {
    what: `the API server at ${apiServer} is ready`,
    deadline: 180,
    alive,
    advice: () =>
      `${logTail("kubelet")}\nThe kubelet's log: ${logFile("kubelet")}; the pods' logs: ${stateDir("node", "pod-logs")}`,
  });
}

const kubectlEnv = { KUBECONFIG: kubeconfigFile, KUBECACHEDIR: stateDir("node", "kubectl-cache") };

/** Applies objects or files as the owner of all their fields. */
export async function apply(what: readonly object[] | { readonly file: string }): Promise<void> {
  const input = "file" in what ? undefined : JSON.stringify({ apiVersion: "v1", kind: "List", items: what });
  const source = "file" in what ? what.file : "-";
  await run(program("kubectl"), ["apply", "--server-side", "--force-conflicts", "--filename", source], {
    env: kubectlEnv,
    log: "cluster",
    ...(input === undefined ? {} : { input }),
  });
}

/** Runs kubectl against the lab's cluster and returns its output. */
export async function kubectl(
  args: readonly string[],
  options: { readonly input?: string } = {},
): Promise<string> {
  return capture(program("kubectl"), args, { ...options, env: kubectlEnv });
}

interface Conditioned {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export async function nodeIsReady(): Promise<boolean> {
  const { items } = JSON.parse(await kubectl(["get", "nodes", "--output=json"])) as { items: Conditioned[] };
  return items.some(({ status }) =>
    status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
  );
}

/** Waits until pods get addresses, Services and names. */
export async function waitForPodNetwork(): Promise<void> {
  const advice = `Look at: kubectl --kubeconfig ${kubeconfigFile} --namespace kube-system describe pods`;
  await waitFor(nodeIsReady, { what: "the node is ready", deadline: 120, advice, interval: 500 });
  // The answer takes the pods' network, kube-proxy, CoreDNS and its access to the API server.
  await waitFor(dnsAnswers, { what: `DNS answers at ${lab.dnsService}`, deadline: 120, advice });
}

async function dnsAnswers(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([lab.dnsService]);
  return (await resolver.resolve4(`kubernetes.default.svc.${lab.domain}`)).length > 0;
}

export async function forgetKubeconfig(): Promise<void> {
  await rm(kubeconfigFile, { force: true });
}
