import type { Operation } from "../../preview/preview.ts";
import type { Severity } from "../marks/index.ts";
import { enumerate } from "../marks/mark.ts";
import type { Report, Verdict } from "../report.ts";

/** What happened to an object, in the tally and in front of it. */
export const VERBS: Readonly<Record<Operation | "unchanged", string>> = {
  delete: "deleted",
  replace: "replaced",
  update: "updated",
  create: "created",
  import: "imported",
  keep: "forgotten",
  read: "read",
  same: "unchanged",
  unchanged: "unchanged",
};

/** What the first line says. */
export const VERDICTS: Readonly<Record<Verdict, { readonly sign: string; readonly text: string }>> = {
  fails: { sign: "⛔", text: "would fail" },
  danger: { sign: "🔴", text: "is dangerous" },
  look: { sign: "🟡", text: "wants a look" },
  fine: { sign: "🟢", text: "looks harmless" },
  unchanged: { sign: "⚪", text: "changes nothing" },
};

export const SIGNS: Readonly<Record<Severity, string>> = { danger: "🔴", warning: "🟡", notice: "🔵" };

/** `2 deleted, 6 replaced, 13 updated, 1 created, 6 unchanged`. */
export function tallyText({ tally, ignored, complete }: Report): string {
  const parts = Object.entries(tally).map(
    ([operation, count]) => `${count} ${VERBS[operation as keyof typeof VERBS]}`,
  );
  if (ignored > 0) parts.push(`${ignored} ignored by rule`);
  if (parts.length === 0) return complete ? "nothing in the stack" : "nothing changes";
  return parts.join(", ");
}

/** `data-loss ×2, downtime ×5`. */
export const marksText = ({ marks }: Report): string =>
  marks.map(({ kind, count }) => (count === 1 ? kind : `${kind} ×${count}`)).join(", ");

/** `URLs behind it: …`, as a list that does not get long. */
export const urlsText = (urls: readonly string[], limit = 4): string => enumerate(urls, limit);
