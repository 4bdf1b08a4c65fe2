import { describe, expect, it } from "vitest";

import { cniConfig } from "../../../lab/cluster/cni.ts";
import { containerdConfig } from "../../../lab/cluster/containerd.ts";
import { corefile, dnsManifests } from "../../../lab/cluster/dns.ts";
import { controlPlanePatches, kubeadmConfig } from "../../../lab/cluster/kubeadm.ts";
import { kubeletArguments, kubeletConfig } from "../../../lab/cluster/kubelet.ts";
import { labNode, mountsOf, node } from "../../../lab/cluster/layout.ts";

describe("kubelet", () => {
  it("neither evicts pods nor deletes images because a disk is nearly full", () => {
    expect(kubeletConfig(node)).toMatchObject({
      imageGCHighThresholdPercent: 100,
      evictionHard: {
        "nodefs.available": "200Mi",
        "imagefs.available": "200Mi",
        "memory.available": "100Mi",
      },
    });
  });

  it("runs on control groups of version 1, below the lab's own", () => {
    expect(kubeletConfig(node)).toMatchObject({
      cgroupDriver: "cgroupfs",
      cgroupRoot: "/slipway-lab",
      failCgroupV1: false,
    });
  });

  it("gives pods no name server of the machine's", () => {
    expect(kubeletConfig(node)).toMatchObject({ resolvConf: node.resolvConf, clusterDNS: ["198.19.128.10"] });
  });

  it("answers authorised callers only", () => {
    expect(kubeletConfig(node)).toMatchObject({
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: "Webhook" },
    });
  });

  it("has room for every example at once, and an address for each pod", () => {
    const { maxPods } = kubeletConfig(node) as { maxPods: number };
    const [ipam] = (cniConfig(node) as { plugins: { ipam: { ranges: { subnet: string }[][] } }[] }).plugins;
    const prefix = Number(ipam?.ipam.ranges[0]?.[0]?.subnet.split("/")[1]);
    expect(maxPods).toBeGreaterThanOrEqual(250);
    expect(2 ** (32 - prefix)).toBeGreaterThan(maxPods);
    expect(kubeletArguments(node)).toContain("--node-ip=198.18.77.2");
  });
});

describe("containerd", () => {
  const config = containerdConfig(node, "localhost/pause:1");

  it("works without CAP_SYS_RESOURCE and without systemd", () => {
    expect(config).toMatch(/^restrict_oom_score_adj = true$/m);
    expect(config).toMatch(/^SystemdCgroup = false$/m);
  });

  it("leaves nothing in the machine's kernel or /opt", () => {
    expect(config).toMatch(/^disable_apparmor = true$/m);
    expect(config).toContain(`[plugins."io.containerd.internal.v1.opt"]\npath = "${node.containerd}/opt"`);
  });

  it("takes the sandbox image that the lab made", () => {
    expect(config).toMatch(/^sandbox_image = "localhost\/pause:1"$/m);
  });
});

describe("kubeadm", () => {
  const [init, cluster, proxy] = kubeadmConfig({
    kubernetesVersion: "v1.2.3",
    imageRepository: "localhost/here",
    etcdTag: "v1.2.3",
  });

  it("leaves the only node without taint and without the label that keeps load balancers off", () => {
    expect(init).toMatchObject({ nodeRegistration: { taints: [], name: "slipway-lab" } });
    expect((init as { skipPhases: string[] }).skipPhases).toContain("mark-control-plane");
  });

  it("never talks to the machine's systemd about a kubelet", () => {
    expect((init as { skipPhases: string[] }).skipPhases).toContain("kubelet-start");
  });

  it("uses the binaries' version and the lab's images and ranges", () => {
    expect(cluster).toMatchObject({
      kubernetesVersion: "v1.2.3",
      imageRepository: "localhost/here",
      networking: { podSubnet: "198.19.0.0/17", serviceSubnet: "198.19.128.0/17" },
      controlPlaneEndpoint: "198.18.77.2:6443",
    });
  });

  it("gives the node the part of the pod range that CNI hands out", () => {
    const flags = (cluster as { controllerManager: { extraArgs: object[] } }).controllerManager.extraArgs;
    expect(flags).toContainEqual({ name: "node-cidr-mask-size", value: "20" });
    expect(JSON.stringify(cniConfig(node))).toContain("198.19.0.0/20");
  });

  it("programs Services by nftables and leaves the machine's connection table alone", () => {
    expect(proxy).toMatchObject({ mode: "nftables", conntrack: { maxPerCore: 0 } });
  });

  it("asks little processor time for the control plane, and most for the API server", () => {
    const patches = controlPlanePatches();
    expect(Object.keys(patches)).toEqual([
      "etcd+strategic.json",
      "kube-apiserver+strategic.json",
      "kube-controller-manager+strategic.json",
      "kube-scheduler+strategic.json",
    ]);
    const requests = (cpu: string): object => ({ resources: { requests: { cpu } } });
    expect(patches["etcd+strategic.json"]).toEqual({
      spec: { containers: [{ name: "etcd", ...requests("50m") }] },
    });
    expect(patches["kube-apiserver+strategic.json"]).toEqual({
      spec: {
        containers: [{ name: "kube-apiserver", ...requests("100m"), readinessProbe: { periodSeconds: 5 } }],
      },
    });
  });
});

describe("DNS", () => {
  it("forwards nothing", () => {
    expect(corefile()).not.toMatch(/forward/);
    expect(corefile()).toContain("rcode NXDOMAIN");
  });

  it("keeps the refusal out of the cluster's block, where it would win", () => {
    const [cluster = ""] = corefile().split("\n}\n");
    expect(cluster).toContain("kubernetes cluster.local");
    expect(cluster).not.toContain("template");
  });

  it("answers at the address that pods are given", () => {
    const service = dnsManifests("coredns:1").find(
      (manifest) => (manifest as { kind: string }).kind === "Service",
    );
    expect(service).toMatchObject({ metadata: { name: "kube-dns" }, spec: { clusterIP: "198.19.128.10" } });
  });
});

describe("mounts", () => {
  it("come from the lab's state directory", () => {
    for (const of of [node, labNode(2)]) {
      for (const { source } of mountsOf(of)) expect(source.startsWith(`${of.root}/`)).toBe(true);
    }
  });
});
