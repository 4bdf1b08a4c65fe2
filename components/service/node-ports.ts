import type { Problems } from "../base/errors.ts";

/** A node port that something asks for. */
export interface NodePortClaim {
  /** Where it is asked for, as the user wrote it: `apps.api.ports.http.nodePort`. */
  readonly key: string;
  readonly nodePort: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP" | "SCTP" | undefined;
}

/** Records node ports that are asked for twice: a node has each port once for a protocol, whatever the namespace. */
export function checkNodePorts(claims: readonly NodePortClaim[], problems: Problems): void {
  const owners = new Map<string, string>();
  for (const { key, nodePort, protocol = "TCP" } of claims) {
    const port = `${protocol} ${String(nodePort)}`;
    const owner = owners.get(port);
    if (owner === undefined) owners.set(port, key);
    else problems.add(key, nodePort, `is already taken by ${owner}`);
  }
}
