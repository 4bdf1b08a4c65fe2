import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";

import { LabError } from "../base/errors.ts";
import { capture, run } from "../base/run.ts";
import { lab, type NodeAddresses } from "./addresses.ts";
import { waitFor } from "./wait.ts";

/** Where `ip` has the network namespaces that it made. */
const namespaces = "/run/netns";

/** A node's network namespace as a file; `ip netns exec slipway-lab …` works too. */
export const networkNamespace = ({ name }: Pick<NodeAddresses, "name">): string => join(namespaces, name);

/** `ip` commands, in order, that make the first node's namespace and its link to the machine. */
export function linkCommands(): string[][] {
  const { name, link, nodeAddress: address } = lab;
  return [
    ["netns", "add", name],
    ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name],
    ...machineCommands(),
    ...nodeCommands({ name, address }),
  ];
}

/** The machine's end of the link. */
export function machineCommands(): string[][] {
  const { link, hostAddress, prefixLength, clusterRange, nodeAddress } = lab;
  return [
    ["addr", "add", `${hostAddress}/${prefixLength}`, "dev", link],
    ["link", "set", link, "up"],
    ["route", "add", clusterRange, "via", nodeAddress, "dev", link],
  ];
}

/** A node's end of its link. */
export function nodeCommands({ name, address }: Pick<NodeAddresses, "name" | "address">): string[][] {
  return [
    ["-n", name, "link", "set", "lo", "up"],
    ["-n", name, "addr", "add", `${address}/${lab.prefixLength}`, "dev", "eth0"],
    ["-n", name, "link", "set", "eth0", "up"],
    // Without a default route the node's own packets to a Service need one before nftables can translate them.
    ["-n", name, "route", "add", lab.serviceRange, "dev", "eth0"],
    ["-n", name, "route", "add", lab.externalRange, "dev", "eth0"],
  ];
}

/** Makes the first node's namespace, the link, and forwarding inside of it. There is no way from it to the internet. */
export async function makeNetwork(): Promise<void> {
  await checkRange();
  for (const args of linkCommands()) await run("ip", args, { log: "cluster" });
  await forward(lab);
}

/** Lets a node hand packets on to its pods. */
export async function forward(of: Pick<NodeAddresses, "name">): Promise<void> {
  await run("nsenter", [`--net=${networkNamespace(of)}`, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1"], {
    log: "cluster",
  });
}

interface Link {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/** @throws LabError when some other link of this machine has addresses of the lab's range */
async function checkRange(): Promise<void> {
  const links = JSON.parse(await capture("ip", ["-json", "-4", "address", "show"])) as Link[];
  const taken = foreignLink(links);
  if (taken !== undefined) {
    throw new LabError(
      `${taken.ifname}: this link has addresses of 198.18.77.0/24 or ${lab.clusterRange}, which the lab needs`,
      `Take the addresses away from ${taken.ifname}, then try again.`,
    );
  }
}

/** The first link other than the lab's that has an address where the lab wants to be. */
export function foreignLink(links: readonly Link[]): Link | undefined {
  return links.find(
    ({ ifname, addr_info }) =>
      ifname !== lab.link && addr_info.some(({ local }) => /^198\.(18\.77|19)\./.test(local ?? "")),
  );
}

/** Processes in a namespace, whoever started them. */
export async function processesInNetwork(of: Pick<NodeAddresses, "name">): Promise<number[]> {
  if (!existsSync(networkNamespace(of))) return [];
  // Fails on a namespace file that was left behind without its namespace: nothing can be in it then.
  const pids = await capture("ip", ["netns", "pids", of.name]).catch(() => "");
  return pids.split("\n").filter(Boolean).map(Number);
}

/** The lab's namespaces that are there: of nodes, and of what joins them. */
export const labNamespaces = (): { readonly name: string }[] =>
  existsSync(namespaces)
    ? readdirSync(namespaces)
        .filter((name) => name === lab.name || name.startsWith(`${lab.name}-`))
        .map((name) => ({ name }))
    : [];

/** Removes a namespace with everything in it: links, routes, nftables rules. */
export async function removeNamespace(of: Pick<NodeAddresses, "name">): Promise<void> {
  if (existsSync(networkNamespace(of))) await run("ip", ["netns", "delete", of.name], { log: "cluster" });
}

/** Removes all namespaces, and the machine's link with them. */
export async function removeNetwork(): Promise<void> {
  for (const namespace of labNamespaces()) await removeNamespace(namespace);
  await removeNamespaceDirectory();
  const linkPath = `/sys/class/net/${lab.link}`;
  // The link ends with the namespace, a moment later; without a namespace it was left by an interrupted start.
  await waitFor(
    async () => {
      if (existsSync(linkPath)) await capture("ip", ["link", "delete", lab.link]);
      return !existsSync(linkPath);
    },
    { what: `the link ${lab.link} is gone`, deadline: 10, advice: `Try: ip link delete ${lab.link}` },
  );
}

/** `ip netns` mounts its directory over itself and leaves it so; without a namespace nobody needs that. */
async function removeNamespaceDirectory(): Promise<void> {
  if (!existsSync(namespaces) || readdirSync(namespaces).length > 0) return;
  const isMounted = readFileSync("/proc/self/mounts", "utf8").includes(` ${namespaces} `);
  if (isMounted) await run("umount", [namespaces], { log: "cluster" });
  await rmdir(namespaces);
}
