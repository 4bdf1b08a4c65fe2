import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { dirname } from "node:path";

import { LabError } from "../base/errors.ts";
import { capture, run } from "../base/run.ts";
import { lab } from "./addresses.ts";
import { waitFor } from "./wait.ts";

/** The network namespace as a file; `ip netns exec slipway-lab …` works too. */
export const networkNamespace = `/run/netns/${lab.name}`;

/** `ip` commands, in order, that make the namespace and its link to the machine. */
export function linkCommands(): string[][] {
  const { name, link, hostAddress, nodeAddress, prefixLength, clusterRange, serviceRange, externalRange } =
    lab;
  return [
    ["netns", "add", name],
    ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name],
    ["addr", "add", `${hostAddress}/${prefixLength}`, "dev", link],
    ["link", "set", link, "up"],
    ["-n", name, "link", "set", "lo", "up"],
    ["-n", name, "addr", "add", `${nodeAddress}/${prefixLength}`, "dev", "eth0"],
    ["-n", name, "link", "set", "eth0", "up"],
    ["route", "add", clusterRange, "via", nodeAddress, "dev", link],
    // Without a default route the node's own packets to a Service need one before nftables can translate them.
    ["-n", name, "route", "add", serviceRange, "dev", "eth0"],
    ["-n", name, "route", "add", externalRange, "dev", "eth0"],
  ];
}

/** Makes the namespace, the link, and forwarding inside of the namespace. There is no way from it to the internet. */
export async function makeNetwork(): Promise<void> {
  await checkRange();
  for (const args of linkCommands()) await run("ip", args, { log: "cluster" });
  await run("nsenter", [`--net=${networkNamespace}`, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1"], {
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

/** Processes in the namespace, whoever started them. */
export async function processesInNetwork(): Promise<number[]> {
  if (!existsSync(networkNamespace)) return [];
  // Fails on a namespace file that was left behind without its namespace: nothing can be in it then.
  const pids = await capture("ip", ["netns", "pids", lab.name]).catch(() => "");
  return pids.split("\n").filter(Boolean).map(Number);
}

/** Removes the namespace with everything in it: links, routes, nftables rules. */
export async function removeNetwork(): Promise<void> {
  if (existsSync(networkNamespace)) await run("ip", ["netns", "delete", lab.name], { log: "cluster" });
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
  const directory = dirname(networkNamespace);
  if (!existsSync(directory) || readdirSync(directory).length > 0) return;
  const isMounted = readFileSync("/proc/self/mounts", "utf8").includes(` ${directory} `);
  if (isMounted) await run("umount", [directory], { log: "cluster" });
  await rmdir(directory);
}
