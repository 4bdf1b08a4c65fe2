import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { LabError } from "../../../lab/base/errors.ts";
import { missingControllers, parseHierarchies } from "../../../lab/cluster/cgroups.ts";
import { librariesOf } from "../../../lab/cluster/control-plane-images.ts";
import { quote } from "../../../lab/cluster/daemon.ts";
import { foreignLink, linkCommands } from "../../../lab/cluster/network.ts";
import { fullImageName, readImages } from "../../../lab/cluster/images.ts";
import { mountsBelow } from "../../../lab/cluster/stop.ts";
import { waitFor } from "../../../lab/cluster/wait.ts";

const v1 = `proc /proc proc rw 0 0
tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0`;
const v2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0";

describe("control groups", () => {
  it("finds hierarchies of both versions", () => {
    expect(parseHierarchies(v1).map(({ mountPoint, version }) => `${version} ${mountPoint}`)).toEqual([
      "1 /sys/fs/cgroup/cpu,cpuacct",
      "1 /sys/fs/cgroup/cpuset",
      "1 /sys/fs/cgroup/memory",
      "1 /sys/fs/cgroup/pids",
      "1 /sys/fs/cgroup/systemd",
      "2 /sys/fs/cgroup/unified",
    ]);
    expect(parseHierarchies(v2)).toEqual([
      { mountPoint: "/sys/fs/cgroup", version: 2, options: ["rw", "nsdelegate"] },
    ]);
  });

  it("counts a hierarchy that is mounted twice once", () => {
    expect(parseHierarchies(`${v2}\n${v2}`)).toHaveLength(1);
  });

  it("has all controllers by version 1, or by version 2 where cpu accounts too", () => {
    expect(missingControllers(parseHierarchies(v1), [])).toEqual([]);
    expect(missingControllers(parseHierarchies(v2), ["cpuset", "cpu", "io", "memory", "pids"])).toEqual([]);
  });

  it("names the controllers that are missing", () => {
    expect(missingControllers(parseHierarchies(v2), ["cpu", "pids"])).toEqual(["cpuset", "memory"]);
    expect(missingControllers([], [])).toEqual(["cpu", "cpuacct", "cpuset", "memory", "pids"]);
  });
});

describe("network", () => {
  it("configures the node's side inside of the namespace only", () => {
    const commands = linkCommands().map((words) => words.join(" "));
    expect(commands).toContain("addr add 198.18.77.1/24 dev slipway0");
    expect(commands).toContain("-n slipway-lab addr add 198.18.77.2/24 dev eth0");
    expect(commands).toContain("route add 198.19.0.0/16 via 198.18.77.2 dev slipway0");
    // No default route: the lab has no way to the internet.
    expect(commands.filter((command) => command.includes("default"))).toEqual([]);
  });

  it("refuses a range that another link uses, and not its own", () => {
    const link = (ifname: string, local: string) => ({ ifname, addr_info: [{ local, prefixlen: 24 }] });
    expect(foreignLink([link("lo", "127.0.0.1"), link("slipway0", "198.18.77.1")])).toBeUndefined();
    expect(foreignLink([link("eth0", "198.18.1.4")])).toBeUndefined();
    expect(foreignLink([link("vpn0", "198.18.77.9")])?.ifname).toBe("vpn0");
    expect(foreignLink([link("vpn1", "198.19.4.1")])?.ifname).toBe("vpn1");
  });
});

describe("image names", () => {
  it.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["slipway-api:1a2b", "docker.io/library/slipway-api:1a2b"],
    ["traefik/whoami:v1", "docker.io/traefik/whoami:v1"],
    ["registry.example:5000/a/b", "registry.example:5000/a/b:latest"],
    ["localhost/slipway-lab/pause:lab", "localhost/slipway-lab/pause:lab"],
    ["quay.io/x@sha256:0f", "quay.io/x@sha256:0f"],
  ])("%s is %s", (name, full) => {
    expect(fullImageName(name)).toBe(full);
  });

  it("are read from containerd's list with their digests", () => {
    const list = `REF           TYPE                                       DIGEST     SIZE     PLATFORMS   LABELS
quay.io/a:1   application/vnd.oci.image.manifest.v1+json sha256:12  99.9 MiB linux/amd64 a=b
quay.io/b:1   application/vnd.oci.image.index.v1+json    sha256:34  1.2 KiB  linux/amd64 -`;
    expect([...readImages(list)]).toEqual([
      ["quay.io/a:1", "sha256:12"],
      ["quay.io/b:1", "sha256:34"],
    ]);
  });
});

describe("libraries of a program", () => {
  it("reads ldd's list and leaves out what is no file", () => {
    const ldd = [
      "\tlinux-vdso.so.1 (0x00007f8617129000)",
      "\tlibmnl.so.0 => /lib/x86_64-linux-gnu/libmnl.so.0 (0x00007f8616e11000)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f861712b000)",
    ].join("\n");
    expect(librariesOf(ldd)).toEqual(["/lib/x86_64-linux-gnu/libmnl.so.0", "/lib64/ld-linux-x86-64.so.2"]);
  });
});

describe("mounts below a directory", () => {
  it("come innermost first, with escapes undone, and not those beside it", () => {
    const mounts = ["/a/node", "/a/node/x", "/a/node/x/y\\040z", "/a/nodes/q"].map(
      (path) => `m ${path} t rw 0 0`,
    );
    expect(mountsBelow("/a/node", mounts.join("\n"))).toEqual(["/a/node/x/y z", "/a/node/x"]);
  });
});

describe("quote", () => {
  it.each(["plain", "two words", "it's", '$HOME `id` \\ "x"', "", "line\nbreak"])(
    "hands on %j unchanged",
    (word) => {
      expect(execFileSync("sh", ["-c", `printf %s ${quote(word)}`], { encoding: "utf8" })).toBe(word);
    },
  );

  it("nests, as a script within a script", () => {
    const inner = `printf %s ${quote("it's 2")}`;
    expect(execFileSync("sh", ["-c", `sh -c ${quote(inner)}`], { encoding: "utf8" })).toBe("it's 2");
  });
});

describe("waitFor", () => {
  const options = { what: "the thing is ready", deadline: 0.05, interval: 5, advice: "Its log: x.log" };

  it("returns once the condition holds", async () => {
    let looks = 0;
    await waitFor(() => Promise.resolve(++looks === 3), { ...options, deadline: 5 });
    expect(looks).toBe(3);
  });

  it("reports the last reason and the advice after the deadline", async () => {
    const error = await waitFor(() => Promise.reject(new Error("refused")), options).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toBe("the thing is ready: not after 0.05 s (refused)");
    expect((error as LabError).advice).toBe("Its log: x.log");
  });

  it("gives up at once when waiting is pointless", async () => {
    const alive = (): void => {
      throw new LabError("kubelet ended", "");
    };
    await expect(waitFor(() => Promise.resolve(false), { ...options, deadline: 60, alive })).rejects.toThrow(
      "kubelet ended",
    );
  });
});
