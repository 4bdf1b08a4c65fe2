import type { Preview } from "../preview/preview.ts";
import type { Topology } from "../topology/topology.ts";
import { type Change, type Changes, changesOf } from "./change.ts";
import { conceal, concealed, hideSecrets, type ShownField } from "./conceal.ts";
import { type IgnoreRule, withoutIgnored } from "./ignore.ts";
import { isAuthority } from "./marks/certificates.ts";
import {
  type Mark,
  type MarkKind,
  MARKS,
  marksOf,
  rankOf,
  type Severity,
  worstFirst,
} from "./marks/index.ts";

/** One object that changes, as it is told: without secrets. */
export interface ReportedChange {
  /** `Deployment shop/web`. */
  readonly title: string;
  /** Title before, where the name changes. */
  readonly formerTitle?: string;
  readonly operation: Change["operation"];
  /** The worst first. */
  readonly marks: readonly Mark[];
  readonly fields: readonly ShownField[];
  /** URLs behind it, before or after. */
  readonly urls: readonly string[];
  readonly urn: string;
}

export type Verdict = "fails" | "danger" | "look" | "fine" | "unchanged";

/** A review: everything that is told of a preview, in the order in which it is. It holds no secret. */
export interface Report {
  readonly project: string;
  readonly stack: string;
  readonly verdict: Verdict;
  /** How many objects each operation is about. */
  readonly tally: Readonly<Partial<Record<Change["operation"] | "unchanged", number>>>;
  /** How many changes a rule hides. */
  readonly ignored: number;
  /** Kinds of marks that there are, the worst first, with how many changes have one. */
  readonly marks: readonly { readonly kind: MarkKind; readonly severity: Severity; readonly count: number }[];
  readonly changes: readonly ReportedChange[];
  /** Marks that belong to no object: errors and policy findings. */
  readonly general: readonly Mark[];
  /** Warnings of the engine and the providers. */
  readonly warnings: readonly string[];
  /** URLs behind what changes. */
  readonly urls: readonly string[];
  /** Whether objects that stay the same are known, and in the picture. */
  readonly complete: boolean;
  readonly topology: Topology;
  /** What happens to the boxes of the picture, by id. */
  readonly changed: ReadonlyMap<string, Change["operation"]>;
}

/** Makes a report of a preview. */
export function reportOf(preview: Preview, rules: readonly IgnoreRule[] = []): Report {
  const all = changesOf(preview);
  const found = all.changes.map((change) => ({
    ...change,
    marks: worstFirst(distinct([...marksOf(change, all), ...toldOf(change.urn, preview)])),
  }));
  const told = found.flatMap((change) => withoutIgnored(change, rules) ?? []);
  const changes = told.map((change) => reported(change, all)).sort(byWeight);
  const urns = new Set(found.map(({ urn }) => urn));
  const general = distinct(generalMarks(preview, urns));
  const kinds = kindsOf(changes, general);
  return {
    project: preview.project,
    stack: preview.stack,
    verdict: verdictOf(preview, changes, kinds),
    tally: tallyOf(changes, all.unchanged),
    ignored: found.length - changes.length,
    marks: kinds,
    changes,
    general,
    warnings: [
      ...new Set(
        preview.diagnostics
          .filter(({ severity }) => severity === "warning")
          .map(({ message }) => hideSecrets(message)),
      ),
    ],
    urls: [...new Set(changes.flatMap(({ urls }) => urls))].sort(),
    complete: preview.complete,
    ...pictureOf(all, changes),
  };
}

const distinct = (marks: readonly Mark[]): readonly Mark[] => [
  ...new Map(
    marks.map((mark) => [`${mark.kind} ${mark.reason}`, { ...mark, reason: hideSecrets(mark.reason) }]),
  ).values(),
];

/** What the engine and policies say of one object. */
function toldOf(urn: string, { diagnostics, findings }: Preview): readonly Mark[] {
  return [
    ...diagnostics
      .filter((told) => told.severity === "error" && told.urn === urn)
      .map(({ message }) => refusal(message)),
    ...findings.filter((finding) => finding.urn === urn).map(policyMark),
  ];
}

const refusal = (message: string): Mark => ({
  kind: "refused",
  severity: "danger",
  reason: refusalText(message),
});

/** The API server's own words, without what the provider says around them and without the objects that it prints. */
export function refusalText(message: string): string {
  const [text = ""] = message.trim().split(/\n@@ |\n\n/, 1);
  const said =
    /was not successfully (?:created|updated) by the Kubernetes API server: (.*)$/s.exec(text)?.[1] ?? text;
  return said.replace(/\s+/g, " ").trim();
}

const policyMark = ({ pack, policy, mandatory, message }: Preview["findings"][number]): Mark => ({
  kind: "policy",
  severity: mandatory ? "danger" : "warning",
  reason: `${pack}/${policy}: ${message.replace(/\s+/g, " ").trim()}`,
});

/** The engine's last words, which only repeat that something failed. */
const LAST_WORDS = /^(preview failed|update failed)$/i;

function generalMarks({ diagnostics, findings }: Preview, urns: ReadonlySet<string>): readonly Mark[] {
  const errors = diagnostics.filter(({ severity, urn }) => severity === "error" && !urns.has(urn));
  const said = errors.filter(({ message }) => !LAST_WORDS.test(message.trim()));
  return [
    ...said.map(({ message }) => refusal(message)),
    ...findings.filter(({ urn }) => !urns.has(urn)).map(policyMark),
  ];
}

function reported(change: Change & { readonly marks: readonly Mark[] }, all: Changes): ReportedChange {
  const { title, formerTitle, operation, marks, urn } = change;
  return {
    title,
    ...(formerTitle !== undefined && { formerTitle }),
    operation,
    marks,
    fields: shownFields(change),
    urls: urlsBehind(change, all),
    urn,
  };
}

/** Fields as they may be shown; of what is new, all of it. */
function shownFields({ operation, fields, kind, after }: Change): readonly ShownField[] {
  if (operation !== "create" && operation !== "import")
    return fields.map((field) => conceal(field, kind).field);
  const { value } = concealed(after?.body ?? {}, kind);
  return [{ path: "", before: undefined, after: value, replaces: false, secret: false }];
}

/** URLs that a change is felt at. What is no object is felt where the Secrets beside it are used. */
function urlsBehind(change: Change, all: Changes): readonly string[] {
  const { before, after, changes } = all;
  const of = (title: string | undefined): readonly string[] =>
    title === undefined ? [] : [...(before.reach.get(title) ?? []), ...(after.reach.get(title) ?? [])];
  const own = [...of(change.title), ...of(change.formerTitle)];
  if (own.length > 0 || change.step.type.startsWith("kubernetes:")) return [...new Set(own)].sort();
  const beside = (each: Change): readonly string[] =>
    changes
      .filter(({ parent, kind }) => kind === "Secret" && parent === each.parent && isComponent(parent))
      .flatMap(({ title }) => of(title));
  // Whatever an authority has issued changes with it.
  const issued = isAuthority(change)
    ? changes.filter(({ kind }) => kind === "LocallySignedCert").flatMap(beside)
    : [];
  return [...new Set([...beside(change), ...issued])].sort();
}

/** Whether a parent groups what belongs together; the stack is everything's. */
const isComponent = (urn: string): boolean => urn !== "" && !urn.includes("::pulumi:pulumi:Stack::");

const WEIGHT: readonly Change["operation"][] = ["delete", "replace", "update", "create", "import", "keep"];

/** The worst first: by the worst mark, how many are as bad, the operation, the name. */
function byWeight(left: ReportedChange, right: ReportedChange): number {
  const key = ({ marks, operation }: ReportedChange): readonly number[] => [
    rankOf(marks[0]?.severity),
    -marks.filter(({ severity }) => severity === marks[0]?.severity).length,
    WEIGHT.indexOf(operation),
  ];
  const [a, b] = [key(left), key(right)];
  const different = a.findIndex((value, index) => value !== b[index]);
  return different === -1 ? left.title.localeCompare(right.title) : (a[different] ?? 0) - (b[different] ?? 0);
}

function kindsOf(changes: readonly ReportedChange[], general: readonly Mark[]): Report["marks"] {
  const all = [...changes.map(({ marks }) => marks), ...general.map((mark) => [mark])];
  return (Object.keys(MARKS) as MarkKind[])
    .flatMap((kind) => {
      const having = all.flatMap((marks) => marks.find((mark) => mark.kind === kind) ?? []);
      const [worst] = worstFirst(having);
      return worst === undefined ? [] : [{ kind, severity: worst.severity, count: having.length }];
    })
    .sort((left, right) => rankOf(left.severity) - rankOf(right.severity));
}

function verdictOf({ failed }: Preview, changes: readonly ReportedChange[], kinds: Report["marks"]): Verdict {
  if (failed) return "fails";
  if (changes.length === 0) return "unchanged";
  if (kinds.some(({ severity }) => severity === "danger")) return "danger";
  return kinds.some(({ severity }) => severity === "warning") ? "look" : "fine";
}

function tallyOf(changes: readonly ReportedChange[], unchanged: number): Report["tally"] {
  const tally: Partial<Record<Change["operation"] | "unchanged", number>> = {};
  for (const operation of WEIGHT) {
    const count = changes.filter((change) => change.operation === operation).length;
    if (count > 0) tally[operation] = count;
  }
  return unchanged === 0 ? tally : { ...tally, unchanged };
}

/** The stack before and after, laid over each other. */
function pictureOf(
  { before, after }: Changes,
  changes: readonly ReportedChange[],
): Pick<Report, "topology" | "changed"> {
  const nodes = new Map([...before.topology.nodes, ...after.topology.nodes].map((node) => [node.id, node]));
  const edges = new Map(
    [...before.topology.edges, ...after.topology.edges].map((edge) => [`${edge.from} → ${edge.to}`, edge]),
  );
  const changed = new Map<string, Change["operation"]>();
  for (const { title, formerTitle, operation } of changes) {
    changed.set(title, operation);
    if (formerTitle !== undefined) changed.set(formerTitle, "delete");
  }
  const ids = (world: Topology): ReadonlySet<string> => new Set(world.nodes.map(({ id }) => id));
  const [was, will] = [ids(before.topology), ids(after.topology)];
  for (const { id, kind } of nodes.values()) {
    if (kind !== "host") continue;
    if (!was.has(id)) changed.set(id, "create");
    else if (!will.has(id)) changed.set(id, "delete");
  }
  return {
    topology: { nodes: [...nodes.values()], edges: [...edges.values()], paths: after.topology.paths },
    changed: new Map([...changed].filter(([id]) => nodes.has(id))),
  };
}
