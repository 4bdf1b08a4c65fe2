import { escapeHtml } from "../base/html.ts";
import { type Arrow, type Box, layoutOf } from "./layout.ts";
import { type Changed, COLOURS } from "./mermaid.ts";
import type { Picture } from "./select.ts";

/** Room around the picture, pixels. */
const MARGIN = 12;

/** Looks of the boxes; they take the page's colours, so that a dark page has a dark picture. */
const STYLE = `
.topology { font: 13px/1.3 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.topology .box { fill: var(--box, #ffffff); stroke: var(--line, #8c959f); stroke-width: 1.2; }
.topology .host .box { fill: var(--host, #ddf4ff); }
.topology text { fill: var(--text, #1f2328); text-anchor: middle; }
.topology .small { font-size: 11px; fill: var(--dim, #59636e); }
.topology .arrow { fill: none; stroke: var(--line, #8c959f); stroke-width: 1.2; }
.topology .tip { fill: var(--line, #8c959f); }
.topology .path { text-anchor: start; paint-order: stroke; stroke: var(--page, #ffffff); stroke-width: 4px; }
.topology .changed text { fill: #1f2328; }
.topology .changed .small { fill: #424a53; }
${Object.entries(COLOURS)
  .map(([operation, { fill, line }]) => {
    const dashed = operation === "delete" || operation === "keep" ? " stroke-dasharray: 5 3;" : "";
    return `.topology .${operation} .box { fill: ${fill}; stroke: ${line}; stroke-width: 2;${dashed} }`;
  })
  .join("\n")}
`;

/** A picture as SVG that needs nothing else. */
export async function svgOf(picture: Picture, changed: Changed = new Map()): Promise<string> {
  const { width, height, boxes, arrows } = await layoutOf(picture);
  const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(height + 2 * MARGIN) };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="topology" role="img" aria-label="Topology" width="${size.width}" height="${size.height}" viewBox="${-MARGIN} ${-MARGIN} ${size.width} ${size.height}">`,
    `<style>${STYLE}</style>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>`,
    ...arrows.map(arrowSvg),
    ...boxes.map((box) => boxSvg(box, changed)),
    `</svg>`,
  ].join("\n");
}

function boxSvg({ id, kind, label, namespace, x, y, width, height }: Box, changed: Changed): string {
  const operation = changed.get(id);
  const classes = ["node", kind, ...(operation === undefined ? [] : ["changed", operation])].join(" ");
  const middle = x + width / 2;
  const radius = kind === "host" ? height / 2 : kind === "service" ? 12 : 4;
  const title = operation === undefined ? id : `${id}: ${operation}`;
  const lines =
    namespace === ""
      ? [`<text x="${middle}" y="${y + height / 2 + 4.5}">${escapeHtml(label)}</text>`]
      : [
          `<text x="${middle}" y="${y + 20}">${escapeHtml(label)}</text>`,
          `<text class="small" x="${middle}" y="${y + 36}">${escapeHtml(namespace)}</text>`,
        ];
  return `<g class="${classes}"><title>${escapeHtml(title)}</title><rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>${lines.join("")}</g>`;
}

function arrowSvg({ points, label }: Arrow): string {
  const [start] = points;
  if (start === undefined) return "";
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const text =
    label === ""
      ? ""
      : `<text class="small path" x="${start.x + 5}" y="${start.y - 4}">${escapeHtml(label)}</text>`;
  return `<g><path class="arrow" marker-end="url(#tip)" d="${path}"/>${text}</g>`;
}
