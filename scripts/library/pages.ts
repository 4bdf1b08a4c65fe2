import type { Comment, CommentDisplayPart, DeclarationReflection } from "typedoc";
import { ReflectionKind } from "typedoc";

import { argumentsOf, type Library, reached, readLibrary } from "./model.ts";

const WARNING = "<!-- Written by `npm run docs` from the doc comments in components/: change those. -->";
const TYPES = "types.md";

/** Kinds that are of use only where something takes them. */
const TYPE_KINDS = [ReflectionKind.Interface, ReflectionKind.TypeAlias];

/** The pages of docs/library by file name: an index, one page a component, and the types that several share. */
export async function libraryPages(): Promise<ReadonlyMap<string, string>> {
  const library = await readLibrary();
  const owners = ownersOf(library);
  const link = (name: string): string | undefined => {
    if (library.components.some((component) => component.name === name)) return `${name}.md`;
    return library.others.has(name) ? `${owners.get(name) ?? TYPES}#${name.toLowerCase()}` : undefined;
  };
  const writer = new Writer(link);
  const taken = new Set(library.components.flatMap((component) => [...reachedBy(component, library)]));
  const pages = library.components.map(
    (component) => [`${component.name}.md`, componentPage(component, library, owners, writer)] as const,
  );
  const shared = [...library.others.values()].filter(
    ({ name, kind }) => !owners.has(name) && (taken.has(name) || !TYPE_KINDS.includes(kind)),
  );
  const rows = library.components.map(({ name, comment }) => [
    `[${name}](${name}.md)`,
    firstSentence(writer.text(comment)),
  ]);
  const index = [
    WARNING,
    "# The library",
    `What \`import … from "slipway"\` gives, a page for each component. What several of them take is in [types](${TYPES}). A \`*\` marks what has to be given.`,
    table(["component", "is"], rows),
  ];
  const types = [
    WARNING,
    "# Types that several components share",
    ...shared.flatMap((type) => writer.section(type)),
  ];
  return new Map([["README.md", joined(index)], ...pages, [TYPES, joined(types)]]);
}

/** The page of each type that one component alone takes. */
function ownersOf(library: Library): ReadonlyMap<string, string> {
  const takers = new Map<string, string[]>();
  for (const component of library.components) {
    for (const name of reachedBy(component, library)) {
      takers.set(name, [...(takers.get(name) ?? []), `${component.name}.md`]);
    }
  }
  return new Map(
    [...takers].flatMap(([name, pages]) => (new Set(pages).size === 1 ? [[name, pages[0] ?? ""]] : [])),
  );
}

/** The types that a component takes, and those that it has. */
function reachedBy(component: DeclarationReflection, library: Library): ReadonlySet<string> {
  const args = argumentsOf(component, library);
  const found = reached(component, library);
  return args ? reached(args, library, found.add(args.name)) : found;
}

function componentPage(
  component: DeclarationReflection,
  library: Library,
  owners: ReadonlyMap<string, string>,
  writer: Writer,
): string {
  const args = argumentsOf(component, library);
  const own = [...owners].filter(([name, page]) => page === `${component.name}.md` && name !== args?.name);
  const outputs = (component.children ?? []).filter(
    ({ kind, comment }) => kind !== ReflectionKind.Constructor && comment,
  );
  return joined([
    WARNING,
    `# ${component.name}`,
    writer.text(component.comment),
    ...(args ? [`## ${args.name}`, writer.members(args.children ?? [])] : []),
    ...(outputs.length > 0 ? ["## What it has", writer.members(outputs, false)] : []),
    ...own.flatMap(([name]) => {
      const type = library.others.get(name);
      return type ? writer.section(type) : [];
    }),
  ]);
}

class Writer {
  readonly #link: (name: string) => string | undefined;

  constructor(link: (name: string) => string | undefined) {
    this.#link = link;
  }

  /** A type, function or constant. */
  section(type: DeclarationReflection): string[] {
    const signature = type.signatures?.[0];
    const members = (type.children ?? []).filter(({ kind }) => kind !== ReflectionKind.Constructor);
    return [
      `## ${type.name}`,
      this.text(type.comment ?? signature?.comment),
      ...(members.length > 0 ? [this.members(members)] : []),
      ...(members.length === 0 && type.type ? [this.#type(type.type.toString())] : []),
      ...(signature ? [`\`${signature.toString().replace(/^.*?: /, "")}\``] : []),
    ];
  }

  /** A table of properties and methods; those that have to be given are marked. */
  members(members: readonly DeclarationReflection[], required = true): string {
    const rows = members.map((member) => {
      const comment = member.comment ?? member.signatures?.[0]?.comment;
      const type = (member.type ?? member.signatures?.[0]?.type)?.toString() ?? "";
      const name = member.kind === ReflectionKind.Method ? `${member.name}()` : member.name;
      return [
        member.flags.isOptional || !required ? `\`${name}\`` : `\`${name}\` *`,
        this.#type(type),
        cell(this.#what(comment)),
      ];
    });
    return table(["", "type", "is"], rows);
  }

  /** What a comment says, with its default at the end. */
  #what(comment: Comment | undefined): string {
    const byDefault =
      comment
        ?.getTag("@default")
        ?.content.map(({ text }) => text)
        .join("") ?? "";
    const value = byDefault.replace(/^```\w*\n|\n```$/g, "").replaceAll("`", "");
    return [this.text(comment), value === "" ? "" : `_Default: ${value}._`].filter(Boolean).join(" ");
  }

  text(comment: Comment | undefined): string {
    return (comment?.summary ?? [])
      .map((part) => this.#part(part))
      .join("")
      .trim();
  }

  #part(part: CommentDisplayPart): string {
    if (part.kind !== "inline-tag") return part.text;
    if (typeof part.target === "string") return `<${part.target}>`;
    const link = this.#link(part.text.split(".")[0] ?? "");
    return link === undefined ? `\`${part.text}\`` : `[\`${part.text}\`](${link})`;
  }

  /** A type, its exported parts as links. */
  #type(type: string): string {
    let code = "";
    let text = "";
    const flush = (): void => {
      // Code begins and ends with what is no space: the spaces stay outside.
      const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(code) ?? [];
      text += inner === "" ? code : `${before}\`${inner}\`${after}`;
      code = "";
    };
    for (const word of type.replace(/ \| undefined\b|\breadonly /g, "").split(/\b([A-Z]\w+)\b/)) {
      const link = this.#link(word);
      if (link === undefined) code += word;
      else {
        flush();
        text += `[\`${word}\`](${link})`;
      }
    }
    flush();
    return cell(text);
  }
}

const cell = (text: string): string => text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");

const firstSentence = (text: string): string =>
  cell(text.split(/\n\n|(?<=[.:])\s/)[0] ?? "").replace(/:$/, ".");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const joined = (parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
