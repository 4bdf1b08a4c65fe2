/** The page's style: light or dark as the reader's system is, and one column on a phone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --box: #ffffff; --host: #ddf4ff; --text: #1f2328; --dim: #59636e; --line: #8c959f; --soft: #f6f8fa; --border: #d1d9e0;
  --danger: #cf222e; --warning: #9a6700; --notice: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --box: #161b22; --host: #0c2d4a; --text: #e6edf3; --dim: #9198a1; --line: #768390; --soft: #161b22; --border: #30363d;
    --danger: #ff7b72; --warning: #d29922; --notice: #58a6ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem clamp(0.75rem, 3vw, 2rem) 3rem; }
header { border: 1px solid var(--border); border-left: 6px solid var(--notice); border-radius: 8px; padding: 1rem 1.25rem; background: var(--soft); }
header.danger, header.fails { border-left-color: var(--danger); }
header.look { border-left-color: var(--warning); }
header.fine { border-left-color: #1a7f37; }
h1 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 0.6rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.tally { margin: 0.35rem 0; }
.marks { margin: 0.35rem 0 0; line-height: 2; }
.kind, .dim { color: var(--dim); font-weight: 400; }
.mark { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 0.55rem; font-size: 0.8rem; line-height: 1.5; font-weight: 600; white-space: nowrap; }
.mark.danger { color: var(--danger); } .mark.warning { color: var(--warning); } .mark.notice { color: var(--notice); }
.operation { display: inline-block; border-radius: 4px; padding: 0 0.45rem; font-size: 0.8rem; line-height: 1.6; color: #1f2328; background: #d1d9e0; }
.operation.create, .operation.import { background: #d7f5dd; } .operation.update { background: #fff3c4; }
.operation.replace { background: #f3dcff; } .operation.delete, .operation.keep { background: #ffdcd7; }
article { border: 1px solid var(--border); border-left: 4px solid var(--border); border-radius: 6px; padding: 0.7rem 1rem; margin: 0.6rem 0; }
article.danger { border-left-color: var(--danger); } article.warning { border-left-color: var(--warning); } article.notice { border-left-color: var(--notice); }
ul { margin: 0.4rem 0; padding: 0; list-style: none; }
li { margin: 0.3rem 0; overflow-wrap: anywhere; }
.urls { columns: 22rem auto; }
.urls li { break-inside: avoid; }
details { margin-top: 0.4rem; }
summary { cursor: pointer; color: var(--dim); }
.path { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.82rem; margin: 0.6rem 0 0.2rem; overflow-wrap: anywhere; }
pre { margin: 0; background: var(--soft); border-radius: 6px; padding: 0.5rem 0.75rem; overflow-x: auto; font: 0.82rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre .added { color: #1a7f37; } pre .removed { color: var(--danger); } pre .same { color: var(--dim); }
@media (prefers-color-scheme: dark) { pre .added { color: #3fb950; } }
code { font: 0.85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.picture { overflow-x: auto; border: 1px solid var(--border); border-radius: 8px; padding: 0.5rem; }
.warning-text { white-space: pre-wrap; }
@media print { details { display: block; } details > * { display: block; } }
`;
