import { containerdSocket, type LabNode, node } from "./layout.ts";

/**
 * containerd's configuration file.
 *
 * @param sandboxImage image of the container that holds a pod's namespaces
 */
export function containerdConfig(
  { containerd, cni }: Pick<LabNode, "containerd" | "cni">,
  sandboxImage: string,
): string {
  // JSON strings are TOML strings.
  const text = JSON.stringify;
  return `version = 2
root = ${text(containerd)}
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
address = ${text(containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
path = ${text(`${containerd}/opt`)}

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(sandboxImage)}
# Machines without CAP_SYS_RESOURCE cannot protect a process from the out-of-memory killer.
restrict_oom_score_adj = true
# A profile is loaded into the machine's kernel and would stay there.
disable_apparmor = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = ${text(cni)}

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = ${text(node.registries)}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}
