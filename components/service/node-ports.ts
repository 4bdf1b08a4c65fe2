import type { Problems } from "../base/errors.ts";

/** A node port that something asks for. */
export interface NodePortClaim {
  /** Where it is asked for, as the user wrote it: `apps.api.ports.http.nodePort`. */
  readonly key: string;
  readonly nodePort: number;
}

/**
 * Records node ports that are asked for twice: a cluster gives each to one Service, whatever the namespace and the protocol.
 * Source: `initNodePorts` of {@link https://github.com/kubernetes/kubernetes/blob/v1.36.4/pkg/registry/core/service/storage/alloc.go}.
 */
export function checkNodePorts(claims: readonly NodePortClaim[], problems: Problems): void {
  const owners = new Map<number, string>();
  for (const { key, nodePort } of claims) {
    const owner = owners.get(nodePort);
    if (owner === undefined) owners.set(nodePort, key);
    else problems.add(key, nodePort, `is already taken by ${owner}`);
  }
}
