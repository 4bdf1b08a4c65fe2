import { lab } from "./addresses.ts";
import { containerdSocket, type LabNode } from "./layout.ts";

/** `KubeletConfiguration`, as an object. */
export function kubeletConfig({ number, group, resolvConf }: LabNode): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    // The control plane's.
    ...(number === 1 ? { staticPodPath: "/etc/kubernetes/manifests" } : {}),
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    clusterDNS: [lab.dnsService],
    clusterDomain: lab.domain,
    // Without a name server: what the cluster does not know fails at once and never leaves the machine.
    resolvConf,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/etc/kubernetes/pki/ca.crt" },
    },
    authorization: { mode: "Webhook" },
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${group}`,
    failCgroupV1: false,
    failSwapOn: false,
    maxPods: 250,
    // Images exist on this machine only: a nearly full disk must not make the kubelet delete them, nor evict pods.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "200Mi",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "200Mi",
    },
    // Once a pod has pulled an image with a password, the kubelet would ask every pod for one that runs the same image under
    // another name: those the lab has put there, which no registry can give.
    imagePullCredentialsVerificationPolicy: "NeverVerify",
    serializeImagePulls: false,
    // Somebody waits for each restart; the usual five minutes would only hide that a mistake was mended.
    crashLoopBackOff: { maxContainerRestartPeriod: "10s" },
    // Static pods are there from the first look; nobody changes them.
    fileCheckFrequency: "20s",
    nodeStatusReportFrequency: "5m",
    volumeStatsAggPeriod: "5m",
    enableServer: true,
    logging: { verbosity: 1 },
  };
}

/** The kubelet's command line. */
export function kubeletArguments({ kubeletConfig, name, address }: LabNode): string[] {
  return [
    `--config=${kubeletConfig}`,
    "--kubeconfig=/etc/kubernetes/kubelet.conf",
    `--hostname-override=${name}`,
    `--node-ip=${address}`,
    // How often cAdvisor looks at every container: the largest part of an idle node's work.
    "--housekeeping-interval=15s",
  ];
}
