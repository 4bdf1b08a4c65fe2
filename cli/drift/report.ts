import { print, style, table } from "../base/output.ts";
import type { Drift } from "./drift.ts";

/** Values are cut; whole ones are in `--json`. */
const WIDEST = 44;

const cell = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

const KINDS: Readonly<
  Record<Drift["kind"], (drift: Drift) => readonly [field: string, wanted: string, found: string]>
> = {
  changed: ({ field, wanted, found }) => [field, wanted || "(absent)", found || "(absent)"],
  added: ({ field, found }) => [field, "(not said)", found],
  missing: () => ["(the object)", "there", "gone"],
  refused: ({ found }) => ["(the object)", "as the program says", `cannot become so: ${found}`],
};

function rows(drifts: readonly Drift[]): readonly (readonly string[])[] {
  let before = "";
  return drifts.map((drift) => {
    const first = drift.object === before ? "" : drift.object;
    before = drift.object;
    const [field, wanted, found] = KINDS[drift.kind](drift);
    return [first, field, cell(wanted), cell(found), drift.harmless ?? drift.owner];
  });
}

const HEADING = ["object", "field", "wanted", "found", "set by"];

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** What was found as a table, and what it comes to. */
export function printDrift(drifts: readonly Drift[], { stack, all }: { stack: string; all: boolean }): void {
  const real = drifts.filter(({ harmless }) => harmless === undefined);
  const rest = drifts.filter(({ harmless }) => harmless !== undefined);
  if (real.length > 0) print(table(HEADING, rows(real)), "");
  if (all && rest.length > 0) print("Harmless, for it is nobody's doing:", table(HEADING, rows(rest)), "");
  const objects = new Set(real.map(({ object }) => object)).size;
  const verdict =
    real.length === 0
      ? style("green", `No drift: the cluster has what stack ${stack} says.`)
      : style(
          "red",
          `Drift: ${count(real.length, "field", "fields")} of ${count(objects, "object", "objects")} of stack ${stack}.`,
        );
  const hint =
    rest.length > 0 && !all
      ? ` ${count(rest.length, "field", "fields")} more of controllers' own: --all shows them.`
      : "";
  print(verdict + hint);
}

/**
 * What `pulumi up` leaves as it is, and the command that takes it away: Pulumi never touches a field that the program says nothing
 * of.
 */
export function removals(drifts: readonly Drift[]): readonly string[] {
  const added = drifts.filter(({ kind, harmless }) => kind === "added" && harmless === undefined);
  return added.flatMap(({ ref, field }) => {
    const at = `${ref.kind.toLowerCase()}${ref.apiVersion.includes("/") ? `.${ref.apiVersion.split("/").reverse().join(".")}` : ""}/${ref.name}`;
    const namespace = ref.namespace === undefined ? "" : ` --namespace ${ref.namespace}`;
    const [, map, key] = /^metadata\.(labels|annotations)(?:\.|\[")([^"\]]+)/.exec(field) ?? [];
    if (map !== undefined && key !== undefined)
      return [`kubectl ${map === "labels" ? "label" : "annotate"} ${at}${namespace} ${key}-`];
    return [`kubectl edit ${at}${namespace}   # ${field}`];
  });
}
