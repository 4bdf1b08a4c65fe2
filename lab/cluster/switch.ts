import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { capture, run } from "../base/run.ts";
import { lab, type NodeAddresses } from "./addresses.ts";
import { quote } from "./daemon.ts";
import { type LabNode, node } from "./layout.ts";
import { forward, machineCommands, networkNamespace, nodeCommands } from "./network.ts";

/**
 * What joins several nodes: a bridge, in a namespace of its own, where the machine's packet filter has no say in what they send
 * each other. All are neighbours of the machine and of each other, as MetalLB wants it.
 */
const bridge = { name: `${lab.name}-switch`, link: "bridge0" } as const;

/** Name of a node's link at the bridge. */
const portOf = ({ number }: Pick<LabNode, "number">): string => `node${number}`;

const inSwitch = (...words: string[]): string[] => ["-n", bridge.name, ...words];

/**
 * `ip` commands, in order, that put the bridge between the machine and the first node. The node's end of the link, its
 * connections and the machine's hardware address stay.
 *
 * @param hardwareAddress of the machine's end of the link
 */
export function switchCommands(hardwareAddress: string): string[][] {
  return [
    ["netns", "add", bridge.name],
    inSwitch("link", "add", bridge.link, "type", "bridge"),
    inSwitch("link", "set", bridge.link, "up"),
    ["link", "set", lab.link, "netns", bridge.name, "name", portOf(node)],
    // A bridge keeps frames to the address of a port of its own.
    inSwitch("link", "set", portOf(node), "address", "02:00:00:00:00:01"),
    inSwitch("link", "set", portOf(node), "master", bridge.link, "up"),
    [
      ...["link", "add", lab.link, "address", hardwareAddress],
      ...["type", "veth", "peer", "name", "machine", "netns", bridge.name],
    ],
    inSwitch("link", "set", "machine", "master", bridge.link, "up"),
    ...machineCommands(),
  ];
}

/** `ip` commands, in order, that join a node to the bridge. */
export function joinCommands(of: LabNode): string[][] {
  return [
    ["netns", "add", of.name],
    inSwitch("link", "add", portOf(of), "type", "veth", "peer", "name", "eth0", "netns", of.name),
    inSwitch("link", "set", portOf(of), "master", bridge.link, "up"),
    ...nodeCommands(of),
  ];
}

/** `ip` commands that lead the machine and the other nodes to a node's pods, and the node to theirs. */
export function routeCommands(of: NodeAddresses, others: readonly NodeAddresses[]): string[][] {
  const to = ({ podRange, address }: NodeAddresses): string[] => [
    "route",
    "replace",
    podRange,
    "via",
    address,
  ];
  return [
    [...to(of), "dev", lab.link],
    ...others.flatMap((other) => [
      ["-n", other.name, ...to(of)],
      ["-n", of.name, ...to(other)],
    ]),
  ];
}

/** Makes a node's namespace and its link to the machine and the other nodes. */
export async function makeNodeNetwork(of: LabNode, others: readonly LabNode[]): Promise<void> {
  if (!existsSync(networkNamespace(bridge))) {
    const address = await readFile(`/sys/class/net/${lab.link}/address`, "utf8");
    // In one go: between the first command and the last the machine does not reach the first node.
    const script = switchCommands(address.trim()).map((words) => ["ip", ...words].map(quote).join(" "));
    await run("sh", ["-ec", script.join("\n")], { log: "cluster" });
  }
  for (const args of [...joinCommands(of), ...routeCommands(of, others)]) {
    await run("ip", args, { log: "cluster" });
  }
  await forward(of);
}

/** Takes a node's link away, from one moment to the next: nothing that it sends arrives any more, nor does it hear. */
export async function unplug(of: LabNode): Promise<void> {
  await capture("ip", inSwitch("link", "delete", portOf(of))).catch(() => "");
}

/** Takes back the routes to a node's pods. */
export async function removeRoutes(of: NodeAddresses, others: readonly NodeAddresses[]): Promise<void> {
  const route = ["route", "delete", of.podRange];
  const commands = [route, ...others.map(({ name }) => ["-n", name, ...route])];
  for (const args of commands) await capture("ip", args).catch(() => "");
}
