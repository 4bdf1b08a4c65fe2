import { stateDir } from "../base/paths.ts";

/** Directories and files of the node, below the lab's state directory. */
export const node = {
  root: stateDir("node"),
  /** Runtime state of containerd; worthless after a restart of the machine. */
  run: stateDir("node", "run"),
  containerd: stateDir("node", "containerd"),
  containerdConfig: stateDir("node", "containerd.toml"),
  /** One directory a registry, as containerd's `hosts.toml` files have it. */
  registries: stateDir("node", "registries"),
  cni: stateDir("node", "cni"),
  etcd: stateDir("node", "etcd"),
  kubernetes: stateDir("node", "kubernetes"),
  kubeadmConfig: stateDir("node", "kubeadm.yaml"),
  kubeadmPatches: stateDir("node", "kubeadm-patches"),
  kubeletConfig: stateDir("node", "kubelet.yaml"),
  resolvConf: stateDir("node", "resolv.conf"),
  sysctl: stateDir("node", "sysctl"),
  /** Persistent volumes, a directory each. */
  volumes: stateDir("node", "volumes"),
  /** Written when the cluster was up for the first time; says which versions made it. */
  initialised: stateDir("node", "initialised.json"),
  /** The mount points that were missing on this machine and have to go again. */
  mountPoints: stateDir("node", "mount-points.json"),
} as const;

/** The user's kubeconfig: the cluster's administrator. */
export const kubeconfigFile = stateDir("kubeconfig");

/**
 * What is mounted over the machine's paths, in the node's mount namespace only: places that Kubernetes and containerd
 * have built in. The machine's own Kubernetes or containerd, should it have them, is not seen and not touched.
 */
export const mounts: readonly { readonly path: string; readonly source: string }[] = [
  { path: "/etc/kubernetes", source: node.kubernetes },
  { path: "/var/lib/kubelet", source: stateDir("node", "kubelet") },
  { path: "/var/log/pods", source: stateDir("node", "pod-logs") },
  { path: "/var/log/containers", source: stateDir("node", "container-logs") },
  { path: "/var/lib/cni", source: stateDir("node", "cni-state") },
  { path: "/run/containerd", source: node.run },
];

/** As processes in the node's mount namespace see it. */
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
