import { createRequire } from "node:module";

import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";

import type { Picture } from "./select.ts";
import type { TopologyEdge, TopologyNode } from "./topology.ts";

/** A box with its place, pixels. */
export interface Box extends TopologyNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow with its bends. */
export interface Arrow extends TopologyEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** Pixels of a character of the picture's font, at 13 px. */
const CHARACTER = 7.4;
const PADDING = 28;
const HEIGHT = 46;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "18",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  // Each kind has a column of its own, over all of the picture.
  "elk.separateConnectedComponents": "false",
  "elk.partitioning.activate": "true",
};

const COLUMNS: Readonly<Record<TopologyNode["kind"], number>> = {
  host: 0,
  route: 1,
  middleware: 2,
  service: 3,
  workload: 4,
};

let elk: ELK | undefined;

/**
 * Loads what places boxes, a megabyte and a half that takes a third of a second: a caller that waits for something else may do so
 * meanwhile.
 */
export function prepareLayout(): ELK {
  if (elk !== undefined) return elk;
  // Node.js would parse all of it once more to find out whether an import is an ES module.
  const require = createRequire(import.meta.url);
  const { default: Layouts } = require("elkjs/lib/elk.bundled.js") as { default: new () => ELK };
  return (elk = new Layouts());
}

/** Gives boxes and arrows their places: columns from hosts to pods. */
export async function layoutOf({ nodes, edges }: Picture): Promise<Layout> {
  const graph = {
    id: "root",
    layoutOptions: OPTIONS,
    children: nodes.map(({ id, kind, label, namespace }) => ({
      id,
      width: Math.ceil(Math.max(label.length, namespace.length) * CHARACTER) + PADDING,
      height: HEIGHT,
      layoutOptions: { "elk.partitioning.partition": String(COLUMNS[kind]) },
    })),
    edges: edges.map(({ from, to }, index) => ({ id: String(index), sources: [from], targets: [to] })),
  };
  const placed: ElkNode = await prepareLayout().layout(graph);
  const places = new Map(placed.children?.map((child) => [child.id, child]));
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    boxes: nodes.map((node) => {
      const { x = 0, y = 0, width = 0, height = 0 } = places.get(node.id) ?? {};
      return { ...node, x, y, width, height };
    }),
    arrows: edges.map((edge, index) => {
      const [section] = placed.edges?.[index]?.sections ?? [];
      const points =
        section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      return { ...edge, points };
    }),
  };
}
