import { describe, expect, it } from "vitest";

import { lab, mostNodes, nodeAddresses } from "../../../lab/cluster/addresses.ts";
import { cniConfig } from "../../../lab/cluster/cni.ts";
import { containerdConfig } from "../../../lab/cluster/containerd.ts";
import { kubeletArguments, kubeletConfig } from "../../../lab/cluster/kubelet.ts";
import { labNode, node } from "../../../lab/cluster/layout.ts";
import { containerdOf, kubeletOf } from "../../../lab/cluster/node.ts";
import { describeNodes, openNodes } from "../../../lab/cluster/nodes.ts";
import { joinCommands, routeCommands, switchCommands } from "../../../lab/cluster/switch.ts";
import { checkNodes } from "../../../lab/cluster/workers.ts";

const worker = labNode(3);
const lines = (commands: string[][]): string[] => commands.map((words) => words.join(" "));

describe("addresses of nodes", () => {
  it("are those of the lab for the first, and beside them for the others", () => {
    expect(nodeAddresses(1)).toEqual({
      name: "slipway-lab",
      address: "198.18.77.2",
      podRange: "198.19.0.0/20",
    });
    expect(nodeAddresses(3)).toEqual({
      name: "slipway-lab-3",
      address: "198.18.77.4",
      podRange: "198.19.32.0/20",
    });
  });

  it("leave the last part of the pod range to external addresses", () => {
    expect(nodeAddresses(mostNodes).podRange).toBe("198.19.48.0/20");
    expect(lab.externalRange).toBe("198.19.64.0/18");
  });
});

describe("the number of nodes", () => {
  it.each([1, 2, 3, 4])("may be %i", (nodes) => {
    expect(() => {
      checkNodes(nodes);
    }).not.toThrow();
  });

  it.each([0, 5, 1.5, Number.NaN])("may not be %d", (nodes) => {
    expect(() => {
      checkNodes(nodes);
    }).toThrow(`NODES=${nodes}: the lab has 1 to 4 nodes`);
  });
});

describe("the network of several nodes", () => {
  it("is a bridge between the machine and the first node, whose end of the link is left alone", () => {
    const commands = lines(switchCommands("6e:80:49:96:e4:0b"));
    expect(commands).toEqual([
      "netns add slipway-lab-switch",
      "-n slipway-lab-switch link add bridge0 type bridge",
      "-n slipway-lab-switch link set bridge0 up",
      "link set slipway0 netns slipway-lab-switch name node1",
      "-n slipway-lab-switch link set node1 address 02:00:00:00:00:01",
      "-n slipway-lab-switch link set node1 master bridge0 up",
      "link add slipway0 address 6e:80:49:96:e4:0b type veth peer name machine netns slipway-lab-switch",
      "-n slipway-lab-switch link set machine master bridge0 up",
      "addr add 198.18.77.1/24 dev slipway0",
      "link set slipway0 up",
      "route add 198.19.0.0/16 via 198.18.77.2 dev slipway0",
    ]);
  });

  it("has a link for each node that joins", () => {
    expect(lines(joinCommands(worker))).toEqual([
      "netns add slipway-lab-3",
      "-n slipway-lab-switch link add node3 type veth peer name eth0 netns slipway-lab-3",
      "-n slipway-lab-switch link set node3 master bridge0 up",
      "-n slipway-lab-3 link set lo up",
      "-n slipway-lab-3 addr add 198.18.77.4/24 dev eth0",
      "-n slipway-lab-3 link set eth0 up",
      "-n slipway-lab-3 route add 198.19.128.0/17 dev eth0",
      "-n slipway-lab-3 route add 198.19.64.0/18 dev eth0",
    ]);
  });

  it("leads to the pods of each node, from the machine and from the others", () => {
    expect(lines(routeCommands(worker, [node]))).toEqual([
      "route replace 198.19.32.0/20 via 198.18.77.4 dev slipway0",
      "-n slipway-lab route replace 198.19.32.0/20 via 198.18.77.4",
      "-n slipway-lab-3 route replace 198.19.0.0/20 via 198.18.77.2",
    ]);
  });
});

describe("a worker node", () => {
  it("has files, a control group, pods' addresses and logs of its own", () => {
    expect(worker.root).not.toBe(node.root);
    expect(worker.group).toBe("slipway-lab/slipway-lab-3");
    expect(kubeletConfig(worker)).toMatchObject({ cgroupRoot: "/slipway-lab/slipway-lab-3" });
    expect(JSON.stringify(cniConfig(worker))).toContain('"subnet":"198.19.32.0/20"');
    expect(containerdConfig(worker, "pause")).toContain(`root = "${worker.root}/containerd"`);
    expect([containerdOf(worker).name, kubeletOf(worker).name]).toEqual(["containerd-3", "kubelet-3"]);
    expect(kubeletArguments(worker)).toEqual(
      expect.arrayContaining(["--hostname-override=slipway-lab-3", "--node-ip=198.18.77.4"]),
    );
  });

  it("runs no control plane", () => {
    expect(kubeletConfig(node)).toHaveProperty("staticPodPath");
    expect(kubeletConfig(worker)).not.toHaveProperty("staticPodPath");
  });

  it("knows the lab's registries", () => {
    expect(containerdConfig(worker, "pause")).toContain(`config_path = "${node.registries}"`);
  });
});

it.each([
  ["that are closed", "node/a\nnode/b", ["uncordon node/a", "uncordon node/b"]],
  ["of which none is", "", []],
])("opens nodes to pods %s, and says so", async (_, closed, opened) => {
  const asked: string[] = [];
  const told: string[] = [];
  await openNodes({ info: (line) => void told.push(line) }, (args) => {
    asked.push(args.join(" "));
    return Promise.resolve(args[0] === "get" ? closed : "");
  });
  expect(asked).toEqual(["get nodes --field-selector=spec.unschedulable=true --output=name", ...opened]);
  expect(told).toEqual(
    opened.map((words) => `The node ${words.slice(-1)} was closed to pods, and takes them again.`),
  );
});

it("says what each node costs", () => {
  const figures = [
    { name: "a", address: "192.0.2.1", mebibytes: 700, seconds: undefined },
    { name: "b", address: "192.0.2.2", mebibytes: 190, seconds: 6.25 },
  ];
  expect(describeNodes(figures)).toEqual([
    "node a (192.0.2.1): 700 MiB of memory",
    "node b (192.0.2.2): 190 MiB of memory, ready after 6.3 s",
  ]);
});
