import { isCidr, isDnsLabel, isDnsName, DNS_LABEL } from "../base/checks.ts";
import type { Problems } from "../base/errors.ts";
import { sameAddress, reachable } from "../base/rules/addresses.ts";
import { broken } from "../base/rules/rule.ts";
import { opensNodePorts, type Exposure } from "./exposure.ts";
import { checkPorts } from "./ports.ts";
import type { ServiceSpecArgs } from "./spec.ts";

/** Records what is wrong with a Service, without contacting anything. */
export function checkService(name: string, args: ServiceSpecArgs, problems: Problems): void {
  const exposure = args.exposure ?? { kind: "clusterIP" };
  problems.unless(isDnsLabel(name), "name", name, DNS_LABEL);
  checkPorts(args.ports ?? {}, opensNodePorts(exposure), problems);
  checkExposure(exposure, problems);
  if (exposure.kind === "externalName") {
    problems.unless(
      args.endpoints === undefined,
      "endpoints",
      args.endpoints,
      "must be left out with an externalName",
    );
  } else {
    const named = Object.keys(args.ports ?? {}).length > 0;
    problems.unless(named, "ports", undefined, 'must name at least one port, such as { "http": 80 }');
  }
  if (args.endpoints !== undefined) checkEndpoints(args.endpoints, problems);
  if (typeof args.sessionAffinity === "object") {
    const { timeoutSeconds } = args.sessionAffinity;
    const allowed = Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 86_400;
    problems.unless(
      allowed,
      "sessionAffinity.timeoutSeconds",
      timeoutSeconds,
      "must be from 1 to 86400 seconds",
    );
  }
}

function checkExposure(exposure: Exposure, problems: Problems): void {
  switch (exposure.kind) {
    case "loadBalancer":
      for (const range of exposure.sourceRanges ?? [])
        problems.unless(
          isCidr(range),
          "exposure.sourceRanges",
          range,
          'must be a range, such as "10.0.0.0/8"',
        );
      return;
    case "externalIPs":
      problems.unless(
        exposure.addresses.length > 0,
        "exposure.addresses",
        undefined,
        "must hold at least one address",
      );
      for (const address of exposure.addresses) checkAddress("exposure.addresses", address, problems);
      return;
    case "externalName": {
      const host = exposure.host.replace(/\.$/, "");
      const isName = isDnsName(host) && !/^[\d.]+$/.test(host);
      problems.unless(
        isName,
        "exposure.host",
        exposure.host,
        "must be a host's name, not an address or a URL",
      );
      return;
    }
    default:
      return;
  }
}

function checkEndpoints(addresses: readonly string[], problems: Problems): void {
  problems.unless(addresses.length > 0, "endpoints", undefined, "must hold at least one address");
  for (const address of addresses) checkAddress("endpoints", address, problems);
  const families = new Set(addresses.map((address) => address.includes(":")));
  problems.unless(families.size < 2, "endpoints", addresses, "must be all IPv4 or all IPv6");
}

function checkAddress(key: string, address: string, problems: Problems): void {
  const reason = broken(reachable, address);
  if (reason !== undefined) problems.add(key, address, reason);
}

/**
 * Records external addresses that are a node's.
 * @param nodeAddresses internal and external addresses of the cluster's nodes
 */
export function checkNodeAddresses(
  exposure: Exposure | undefined,
  nodeAddresses: readonly string[],
  problems: Problems,
): void {
  if (exposure?.kind !== "externalIPs") return;
  for (const address of exposure.addresses) {
    const isNode = nodeAddresses.some((node) => sameAddress(node, address));
    const allowed = "is a node's own address; use one routed to the nodes, or the exposure nodePort";
    problems.unless(!isNode, "exposure.addresses", address, allowed);
  }
}
