import { execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Progress } from "../../lab/base/progress.ts";
import { clusterStatus, hostName, kubectl, lab, startCluster } from "../../lab/cluster/index.ts";

/** What it is to have the lab on a machine: the cluster inside is whole, the machine outside is as before. */
describe("the lab's cluster", () => {
  const command = (...words: [string, ...string[]]): string =>
    execFileSync(words[0], words.slice(1), { encoding: "utf8" });

  it("is ready, and starting it again changes nothing", async () => {
    const before = await clusterStatus();
    expect(before).toMatchObject({ state: "ready", problems: [] });
    // A cluster that runs needs no binaries: these would be missed if it were made again.
    await startCluster({ bin: "/nonexistent", log: new Progress({ out: { write: () => true } }) });
    expect(await clusterStatus()).toEqual(before);
  });

  it("has one node that takes every pod and every load balancer", async () => {
    const { items } = JSON.parse(await kubectl(["get", "nodes", "-lkubernetes.io/os", "--output=json"])) as {
      items: {
        metadata: { labels: Record<string, string> };
        spec: { taints?: unknown };
        status: { allocatable: { pods: string } };
      }[];
    };
    expect(items).toHaveLength(1);
    const [node] = items;
    expect(node?.spec.taints).toBeUndefined();
    expect(node?.metadata.labels).not.toHaveProperty(
      "node.kubernetes.io/exclude-from-external-load-balancers",
    );
    expect(node?.status.allocatable.pods).toBe("250");
  });

  it("has a kube-proxy that knows its own rules again when it reads them", async () => {
    const list = ["/usr/sbin/nft", "list", "map", "ip", "kube-proxy", "service-ips"];
    const rules = await kubectl(["exec", "--namespace=kube-system", "daemonset/kube-proxy", "--", ...list]);
    expect(rules).toContain(`${lab.dnsService} . udp . 53 : goto service-`);
  });

  it("has the ten definitions of traefik.io and none of hub.traefik.io", async () => {
    const names = (await kubectl(["get", "crds", "--output=name"])).split("\n");
    expect(names.filter((name) => name.endsWith(".traefik.io"))).toHaveLength(10);
    expect(names.filter((name) => name.endsWith(".hub.traefik.io"))).toEqual([]);
  });

  it("gets more processor time than a process where others want it too", () => {
    const files = ["cpu/slipway-lab/cpu.shares", "slipway-lab/cpu.weight"].map(
      (name) => `/sys/fs/cgroup/${name}`,
    );
    const told = files.filter((file) => existsSync(file)).map((file) => Number(readFileSync(file, "utf8")));
    expect([[8192], [800]]).toContainEqual(told);
  });

  it("has Pulumi log none of its runs", () => {
    execFileSync("pulumi", ["stack", "ls", "--all"]);
    expect(statSync(join(process.env["PULUMI_HOME"] ?? "", "logs"))).toMatchObject({ size: 0 });
  });

  describe("DNS", () => {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([lab.dnsService]);

    it("knows Services and the machine", async () => {
      expect(await resolver.resolve4("kubernetes.default.svc.cluster.local")).toEqual(["198.19.128.1"]);
      expect(await resolver.resolve4(hostName)).toEqual([lab.hostAddress]);
    });

    it("says at once that any other name does not exist", async () => {
      const start = Date.now();
      await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "ENOTFOUND" });
      await expect(resolver.resolve4("no-such.default.svc.cluster.local")).rejects.toMatchObject({
        code: "ENOTFOUND",
      });
      expect(Date.now() - start).toBeLessThan(1000);
    });
  });

  it("has no way to the internet", () => {
    expect(command("ip", "-netns", lab.name, "route", "show", "default")).toBe("");
  });

  it("keeps its mounts, rules and settings inside", () => {
    expect(readFileSync("/proc/self/mounts", "utf8")).not.toMatch(
      /\/kubelet|\/run\/containerd|\/proc\/sys\//,
    );
    expect(command("nft", "list", "tables")).not.toContain("kube-proxy");
    expect(command("ip", "netns", "exec", lab.name, "nft", "list", "tables")).toContain("kube-proxy");
    expect(existsSync("/etc/kubernetes/admin.conf")).toBe(false);
  });
});
