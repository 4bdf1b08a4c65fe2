import { join } from "node:path";

import { stateDir } from "../base/paths.ts";
import { lab, nodeAddresses, type NodeAddresses } from "./addresses.ts";

/** A node: where it is in the network, and its directories and files, below the lab's state directory. */
export interface LabNode extends NodeAddresses {
  /** 1 is the node with the control plane. */
  readonly number: number;
  /** Control group of its pods (the kubelet's `cgroupRoot`), which its daemons' is a child of. */
  readonly group: string;
  readonly root: string;
  /** Runtime state of containerd; worthless after a restart of the machine. */
  readonly run: string;
  readonly containerd: string;
  readonly containerdConfig: string;
  readonly cni: string;
  readonly kubernetes: string;
  readonly kubeletConfig: string;
  readonly resolvConf: string;
  /** Written when the node was up for the first time. */
  readonly initialised: string;
}

export function labNode(number: number): LabNode {
  const root = stateDir(number === 1 ? "node" : `node-${number}`);
  const addresses = nodeAddresses(number);
  return {
    ...addresses,
    number,
    // The first one's is the lab's: whatever ends the lab finds the others below it.
    group: number === 1 ? lab.name : join(lab.name, addresses.name),
    root,
    run: join(root, "run"),
    containerd: join(root, "containerd"),
    containerdConfig: join(root, "containerd.toml"),
    cni: join(root, "cni"),
    kubernetes: join(root, "kubernetes"),
    kubeletConfig: join(root, "kubelet.yaml"),
    resolvConf: join(root, "resolv.conf"),
    initialised: join(root, "initialised.json"),
  };
}

/** The node with the control plane, and what is there once a lab. */
export const node = {
  ...labNode(1),
  etcd: stateDir("node", "etcd"),
  /** One directory a registry, as containerd's `hosts.toml` files have it; of all nodes. */
  registries: stateDir("node", "registries"),
  kubeadmConfig: stateDir("node", "kubeadm.yaml"),
  kubeadmPatches: stateDir("node", "kubeadm-patches"),
  /** Shown to all nodes, see {@link sysctls}. */
  sysctl: stateDir("node", "sysctl"),
  /** Persistent volumes, a directory each. */
  volumes: stateDir("node", "volumes"),
  /** The mount points that were missing on this machine and have to go again. */
  mountPoints: stateDir("node", "mount-points.json"),
} as const;

/** The user's kubeconfig: the cluster's administrator. */
export const kubeconfigFile = stateDir("kubeconfig");

/**
 * What is mounted over the machine's paths, in a node's mount namespace only: places that Kubernetes and containerd
 * have built in. The machine's own Kubernetes or containerd, should it have them, is not seen and not touched.
 */
export const mountsOf = ({
  root,
  run,
  kubernetes,
}: LabNode): readonly { readonly path: string; readonly source: string }[] => [
  { path: "/etc/kubernetes", source: kubernetes },
  { path: "/var/lib/kubelet", source: join(root, "kubelet") },
  { path: "/var/log/pods", source: join(root, "pod-logs") },
  { path: "/var/log/containers", source: join(root, "container-logs") },
  { path: "/var/lib/cni", source: join(root, "cni-state") },
  { path: "/run/containerd", source: run },
];

/** As processes in a node's mount namespace see it. */
export const containerdSocket = "/run/containerd/containerd.sock";

/**
 * Kernel settings that the kubelet demands and would change for the whole machine. It is shown these values instead:
 * files mounted over those of /proc/sys. None of them matters to a lab.
 */
export const sysctls: Readonly<Record<string, number>> = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
};
