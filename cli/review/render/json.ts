import { Untold } from "../../preview/values.ts";
import type { Report } from "../report.ts";

/** A report as JSON; docs/cli.md has its shape. */
export function jsonReport(report: Report): unknown {
  const { topology, changed, ...rest } = report;
  const picture = {
    nodes: topology.nodes.map((node) => ({ ...node, change: changed.get(node.id) })),
    edges: topology.edges,
  };
  // Nothing of a class is left in it.
  return JSON.parse(
    JSON.stringify({ ...rest, topology: picture }, (_, value: unknown) =>
      value instanceof Untold ? { [value.reason]: true } : value,
    ),
  ) as unknown;
}
