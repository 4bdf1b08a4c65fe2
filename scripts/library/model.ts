import { join } from "node:path";

import {
  Application,
  type DeclarationReflection,
  LogLevel,
  makeRecursiveVisitor,
  ReflectionKind,
  type SomeType,
  type UnionType,
} from "typedoc";

const root = join(import.meta.dirname, "../..");

/** What the library exports, as TypeDoc reads it. */
export interface Library {
  /** Classes that make resources. */
  readonly components: readonly DeclarationReflection[];
  /** Everything else by name. */
  readonly others: ReadonlyMap<string, DeclarationReflection>;
}

export async function readLibrary(): Promise<Library> {
  const app = await Application.bootstrap({
    entryPoints: [join(root, "components/index.ts")],
    tsconfig: join(root, "tsconfig.json"),
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    excludeInternal: true,
    // The compiler and the linter are asked elsewhere.
    skipErrorChecking: true,
    logLevel: LogLevel.Error,
  });
  const project = await app.convert();
  const inOrder = makeRecursiveVisitor({ union: sortLiterals });
  for (const reflection of Object.values(project?.reflections ?? {}))
    if (reflection.isDeclaration()) reflection.type?.visit(inOrder);
  const exported = project?.children ?? [];
  const isComponent = ({ kind, name }: DeclarationReflection): boolean =>
    kind === ReflectionKind.Class && name !== "UserError";
  return {
    components: exported.filter(isComponent),
    others: new Map(exported.filter((found) => !isComponent(found)).map((found) => [found.name, found])),
  };
}

/** The compiler has literals in the order in which it met them, also in other files: an import elsewhere would change a page. */
function sortLiterals({ types }: UnionType): void {
  const isLiteral = (type: SomeType): boolean => type.type === "literal" || type.toString() === "undefined";
  if (types.every(isLiteral)) types.sort((a, b) => a.toString().localeCompare(b.toString()));
}

/** The arguments that a component is made with. */
export function argumentsOf(
  component: DeclarationReflection,
  { others }: Library,
): DeclarationReflection | undefined {
  const made = component.children?.find(({ kind }) => kind === ReflectionKind.Constructor);
  const parameter = made?.signatures?.[0]?.parameters?.find(({ name }) => name === "args");
  return others.get(parameter?.type?.type === "reference" ? parameter.type.name : "");
}

/** The exported types that something refers to, also through others. */
export function reached(
  from: DeclarationReflection,
  library: Library,
  found = new Set<string>(),
): Set<string> {
  for (const name of names(from)) {
    const other = library.others.get(name);
    if (other === undefined || found.has(name)) continue;
    found.add(name);
    reached(other, library, found);
  }
  return found;
}

function names(from: DeclarationReflection): string[] {
  const types = [from.type, ...(from.children ?? []).map(({ type }) => type)];
  return types.flatMap((type) => (type === undefined ? [] : wordsOf(type)));
}

const wordsOf = (type: SomeType): string[] => type.toString().match(/\b[A-Z]\w+\b/g) ?? [];
