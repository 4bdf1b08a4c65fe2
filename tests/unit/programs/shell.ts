import { basename } from "node:path";

import { parse } from "unbash";

/** What a shell does itself (POSIX, 2.14 and 1.6, and `source`). */
const builtins = new Set(
  (
    ": . [ break cd command continue eval exec exit export getopts hash jobs local pwd read readonly return set shift " +
    "source test times trap type ulimit umask unset wait"
  ).split(" "),
);

/** Builtins and programs that start the program they are given. */
const wrappers = new Set(["command", "env", "exec", "nice", "nsenter", "unshare", "xargs"]);

/** The programs that a shell script calls; its own functions and the shell's builtins are none. */
export function shellPrograms(script: string): string[] {
  const found: string[] = [];
  const functions = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, name, suffix } = node as { type?: string; name?: Word; suffix?: Word[] };
    if (type === "Function" && name !== undefined) functions.add(name.text);
    if (type === "Command" && name !== undefined) found.push(...started([name, ...(suffix ?? [])]));
    Object.values(node).forEach(visit);
  };
  // A word's parts are made when they are asked for: as JSON they are all there.
  visit(JSON.parse(JSON.stringify(parse(script))));
  return found.filter((program) => !functions.has(program) && !builtins.has(program));
}

interface Word {
  readonly text: string;
}

/** The program that a command's words start, and the one that this starts. */
function started([first, ...rest]: readonly Word[]): string[] {
  const program = first?.text ?? "";
  if (!/^[\w./+-]+$/.test(program)) return [];
  const next = wrappers.has(program) ? rest.findIndex(({ text }) => !/^-|=/.test(text)) : -1;
  return [
    program.startsWith("/") ? basename(program) : program,
    ...(next < 0 ? [] : started(rest.slice(next))),
  ];
}
