import type { Operation } from "../preview/preview.ts";
import type { Picture } from "./select.ts";
import type { NodeKind } from "./topology.ts";

/** What happens to boxes of a picture, by id. */
export type Changed = ReadonlyMap<string, Operation>;

/** Colours of what changes, readable on white and on black. */
export const COLOURS: Readonly<Partial<Record<Operation, { readonly fill: string; readonly line: string }>>> =
  {
    create: { fill: "#d7f5dd", line: "#1a7f37" },
    import: { fill: "#d7f5dd", line: "#1a7f37" },
    update: { fill: "#fff3c4", line: "#9a6700" },
    replace: { fill: "#f3dcff", line: "#8250df" },
    delete: { fill: "#ffdcd7", line: "#cf222e" },
    keep: { fill: "#ffdcd7", line: "#cf222e" },
  };

const SHAPES: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  host: ["([", "])"],
  route: ["[", "]"],
  middleware: ["{{", "}}"],
  service: ["(", ")"],
  workload: ["[[", "]]"],
};

/** A picture in Mermaid's language, which GitHub and GitLab draw. */
export function mermaidOf({ nodes, edges }: Picture, changed: Changed = new Map()): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const operations = new Set(nodes.flatMap(({ id }) => changed.get(id) ?? []));
  const boxes = nodes.map(({ id, kind, namespace, label }) => {
    const [open, close] = SHAPES[kind];
    const text = quoted(kind === "host" ? label : `${label}\n${namespace}`);
    const operation = changed.get(id);
    return `  ${names.get(id) ?? ""}${open}${text}${close}${operation === undefined ? "" : `:::${operation}`}`;
  });
  const arrows = edges.map(({ from, to, label }) => {
    const text = label === "" ? "" : `|${quoted(label)}|`;
    return `  ${names.get(from) ?? ""} -->${text} ${names.get(to) ?? ""}`;
  });
  const classes = [...operations].flatMap((operation) => {
    const colours = COLOURS[operation];
    const dashed = operation === "delete" || operation === "keep" ? ",stroke-dasharray:5 3" : "";
    return colours === undefined
      ? []
      : [
          `  classDef ${operation} fill:${colours.fill},stroke:${colours.line},color:#1f2328,stroke-width:2px${dashed}`,
        ];
  });
  return ["flowchart LR", ...boxes, ...arrows, ...classes].join("\n");
}

/** A text in quotes; what Mermaid would read as its own is written as an entity. */
const quoted = (text: string): string =>
  `"${text
    .trim()
    .replace(/[#"<>&`|\\[\]{}()*_~]/g, (sign) => `#${sign.charCodeAt(0)};`)
    .replaceAll("\n", "<br>")}"`;
