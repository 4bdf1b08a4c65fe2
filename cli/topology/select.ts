import type { Topology } from "./topology.ts";

/** A part of a topology's picture. */
export type Picture = Pick<Topology, "nodes" | "edges">;

/** What requests pass before and after some boxes: everything on a way through one of them. */
export function around({ nodes, edges }: Picture, ids: ReadonlySet<string>): Picture {
  const down = reachable(edges, ids, "from", "to");
  const up = reachable(edges, ids, "to", "from");
  return withOnly({ nodes, edges }, new Set([...ids, ...down, ...up]));
}

function reachable(
  edges: Picture["edges"],
  start: ReadonlySet<string>,
  tail: "from" | "to",
  head: "from" | "to",
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const known = next.get(edge[tail]);
    if (known === undefined) next.set(edge[tail], [edge[head]]);
    else known.push(edge[head]);
  }
  const found = new Set<string>();
  const queue = [...start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const other of next.get(id) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return found;
}

/** The first so many boxes of a picture, with the arrows between them. */
export const firstOf = (picture: Picture, count: number): Picture =>
  withOnly(picture, new Set(picture.nodes.slice(0, count).map(({ id }) => id)));

function withOnly({ nodes, edges }: Picture, ids: ReadonlySet<string>): Picture {
  return {
    nodes: nodes.filter(({ id }) => ids.has(id)),
    edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  };
}
