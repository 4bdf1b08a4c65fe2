import type { Problems } from "../base/errors.ts";
import { checkMetadata } from "../base/metadata.ts";
import {
  cidr,
  dnsName,
  labelKey,
  portRange,
  positive,
  reachable,
  rule,
  sameAddress,
  serviceName,
  whole,
} from "../base/rules/index.ts";
import type { ObjectArgs } from "../base/component.ts";
import { opensNodePorts, type Exposure } from "./exposure.ts";
import { checkPorts } from "./service-ports.ts";
import type { ServiceSpecArgs } from "./spec.ts";

/** Longest time that a client may be silent. Source: the API server's `MaxClientIPServiceAffinitySeconds`. */
const affinitySeconds = rule<number>("must be from 1 to 86400 seconds", whole(1, 86_400).test);

/** A host outside the cluster, which DNS is to answer with. */
const externalHost = rule<string>("must be a host's name, not an address or a URL", (text) => {
  const host = text.replace(/\.$/, "");
  return dnsName.test(host) && !/^[\d.]+$/.test(host);
});

/** Records what is wrong with a Service, without contacting anything. */
export function checkService(
  name: string,
  args: ServiceSpecArgs & Pick<ObjectArgs, "labels" | "annotations">,
  problems: Problems,
): void {
  const { exposure = { kind: "clusterIP" }, ports = {}, endpoints, sessionAffinity, nodePortRange } = args;
  problems.check("name", name, serviceName);
  checkMetadata(args, problems);
  problems.check("nodePortRange", nodePortRange, portRange);
  checkPorts(ports, { opensNodePorts: opensNodePorts(exposure), nodePortRange }, problems.at("ports"));
  checkExposure(exposure, problems.at("exposure"));
  if (exposure.kind === "externalName") {
    problems.unless(endpoints === undefined, "endpoints", endpoints, "must be left out with an externalName");
  } else {
    const named = Object.keys(ports).length > 0;
    problems.unless(named, "ports", undefined, 'must name at least one port, such as { "http": 80 }');
  }
  if (endpoints !== undefined) checkEndpoints(endpoints, problems);
  if (typeof sessionAffinity === "object") {
    problems.check("sessionAffinity.timeoutSeconds", sessionAffinity.timeoutSeconds, affinitySeconds);
  }
}

function checkExposure(exposure: Exposure, problems: Problems): void {
  switch (exposure.kind) {
    case "loadBalancer":
      for (const range of exposure.sourceRanges ?? []) problems.check("sourceRanges", range, cidr);
      problems.unless(
        exposure.sourceRanges?.length !== 0,
        "sourceRanges",
        [],
        "must hold at least one network; leave it out to let everyone in",
      );
      problems.check("address", exposure.address, reachable);
      problems.check("class", exposure.class, labelKey);
      problems.check("timeoutSeconds", exposure.timeoutSeconds, positive);
      return;
    case "externalIPs":
      checkAddresses("addresses", exposure.addresses, problems);
      return;
    case "externalName":
      problems.check("host", exposure.host, externalHost);
      return;
    default:
      return;
  }
}

function checkEndpoints(addresses: readonly string[], problems: Problems): void {
  checkAddresses("endpoints", addresses, problems);
  const families = new Set(addresses.map((address) => address.includes(":")));
  problems.unless(families.size < 2, "endpoints", addresses, "must be all IPv4 or all IPv6");
}

function checkAddresses(key: string, addresses: readonly string[], problems: Problems): void {
  problems.unless(addresses.length > 0, key, undefined, "must hold at least one address");
  for (const address of addresses) problems.check(key, address, reachable);
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
