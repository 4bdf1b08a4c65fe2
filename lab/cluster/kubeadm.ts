import { lab } from "./addresses.ts";
import { containerdSocket, node } from "./layout.ts";

export interface KubeadmOptions {
  /** As `v1.36.4`: what the binaries say they are. */
  readonly kubernetesVersion: string;
  /** Where the control plane's images are, under kubeadm's names. */
  readonly imageRepository: string;
  readonly etcdTag: string;
}

type Argument = { readonly name: string; readonly value: string };

const args = (flags: Readonly<Record<string, string>>): Argument[] =>
  Object.entries(flags).map(([name, value]) => ({ name, value }));

/**
 * Phases of `kubeadm init` that a lab of one node does without: the kubelet is started by the lab, nobody joins, nothing is
 * upgraded, and the node stays free of the control plane's taint and of the label that keeps load balancers off.
 */
const skippedPhases = [
  "preflight",
  "kubelet-start",
  "wait-control-plane",
  "upload-config",
  "upload-certs",
  "mark-control-plane",
  "bootstrap-token",
  "kubelet-finalize",
  "addon",
  "show-join-command",
];

/** kubeadm's and kube-proxy's configuration, as a list of objects. */
export function kubeadmConfig(options: KubeadmOptions): object[] {
  return [initConfiguration(), clusterConfiguration(options), kubeProxyConfiguration()];
}

/**
 * Patches for the manifests of the control plane's pods, by file name. They ask for little processor time, so that the two cores of a
 * small machine can be promised to apps, and are looked at less often than a control plane of many would be. What a pod asks for is
 * also its share of a busy machine, and everybody waits for the API server and etcd.
 */
export function controlPlanePatches(): Readonly<Record<string, object>> {
  const asking = (cpu: string): object => ({ resources: { requests: { cpu } } });
  const programs = {
    etcd: asking("50m"),
    "kube-apiserver": { ...asking("100m"), readinessProbe: { periodSeconds: 5 } },
    "kube-controller-manager": asking("20m"),
    "kube-scheduler": asking("20m"),
  };
  return Object.fromEntries(
    Object.entries(programs).map(([name, container]) => [
      `${name}+strategic.json`,
      { spec: { containers: [{ name, ...container }] } },
    ]),
  );
}

function initConfiguration(): object {
  return {
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: lab.nodeAddress, bindPort: lab.apiPort },
    nodeRegistration: {
      name: lab.name,
      criSocket: `unix://${containerdSocket}`,
      taints: [],
      imagePullPolicy: "IfNotPresent",
    },
    skipPhases: skippedPhases,
    patches: { directory: node.kubeadmPatches },
  };
}

function clusterConfiguration({ kubernetesVersion, imageRepository, etcdTag }: KubeadmOptions): object {
  return {
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "ClusterConfiguration",
    clusterName: lab.name,
    kubernetesVersion,
    imageRepository,
    controlPlaneEndpoint: `${lab.nodeAddress}:${lab.apiPort}`,
    networking: { podSubnet: lab.podRange, serviceSubnet: lab.serviceRange, dnsDomain: lab.domain },
    encryptionAlgorithm: "ECDSA-P256",
    etcd: {
      local: {
        dataDir: node.etcd,
        imageTag: etcdTag,
        // Losing the last writes when the machine loses power is fine in a lab, and every write is faster.
        extraArgs: args({ "unsafe-no-fsync": "true" }),
      },
    },
    apiServer: { extraArgs: args({ profiling: "false" }) },
    controllerManager: {
      extraArgs: args({
        // There is no second one to lead.
        "leader-elect": "false",
        // Every controller fetches a token of its own at the start; the usual 20 a second make that the longest wait.
        "kube-api-qps": "200",
        "kube-api-burst": "400",
        // Who tries an autoscaler in a lab waits for it: look every 5 s, and trust a new pod's figures soon.
        "horizontal-pod-autoscaler-sync-period": "5s",
        "horizontal-pod-autoscaler-cpu-initialization-period": "20s",
        "horizontal-pod-autoscaler-initial-readiness-delay": "10s",
        "node-cidr-mask-size": lab.nodePodRange.split("/")[1] ?? "",
        "flex-volume-plugin-dir": "/var/lib/kubelet/volume-plugins",
        profiling: "false",
      }),
    },
    scheduler: { extraArgs: args({ "leader-elect": "false", profiling: "false" }) },
  };
}

function kubeProxyConfiguration(): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clusterCIDR: lab.podRange,
    // The connection table's size belongs to the machine.
    conntrack: { maxPerCore: 0 },
    nftables: { minSyncPeriod: "200ms" },
  };
}
