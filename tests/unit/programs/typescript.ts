import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import { shellPrograms } from "./shell.ts";

/** A call of a program, as a source says it. */
export interface Call {
  /** `lab/base/lock.ts:38` */
  readonly at: string;
  /** The program's name or path; undefined where the source alone does not tell. */
  readonly program?: string;
  /** The expression that stands for the program. */
  readonly expression: string;
}

/** Modules whose functions start the program that is their first argument. */
const starters = ["node:child_process", "execa"];

/** Programs that start the program among their own arguments. */
const wrappers = new Set(["env", "flock", "nice", "nsenter", "unshare"]);

/** A path at which Debian keeps programs. */
const programPath = /^\/(?:usr\/)?(?:local\/)?s?bin\/([\w.+-]+)$/;

/**
 * Finds the programs that TypeScript sources call: by the functions of Node.js and execa, by functions of the project that
 * pass an argument on to those, in shell scripts that are given to `sh -c`, as daemons, and by paths anywhere. What a method
 * of another file starts is found where that file says it.
 *
 * @param root that the paths of the sources are relative to
 */
export function typescriptCalls(root: string, paths: readonly string[]): Call[] {
  const sources = new Map(paths.map((path) => [path, new Source(root, path)]));
  // A function that passes a parameter on is a starter itself, and so is one that passes its own on to that.
  for (let known = -1, now = 0; known !== now;) {
    known = now;
    for (const source of sources.values()) source.findStarters(sources);
    now = [...sources.values()].reduce((total, { own }) => total + own.size, 0);
  }
  return [...sources.values()].flatMap((source) => source.calls(sources));
}

type Callable = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

class Source {
  /** Functions of this file that start a program: their name, and which parameter says the program. */
  readonly own = new Map<string, number>();
  readonly #path: string;
  readonly #file: ts.SourceFile;
  readonly #nodes: readonly ts.Node[];

  constructor(root: string, path: string) {
    this.#path = path;
    this.#file = ts.createSourceFile(
      path,
      readFileSync(join(root, path), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    this.#nodes = descendants(this.#file);
  }

  findStarters(sources: Sources): void {
    for (const { argument } of this.#starts(sources)) {
      const word = ts.isElementAccessExpression(argument) ? argument.expression : argument;
      if (!ts.isIdentifier(word)) continue;
      const [owner, index] = parameterOf(word);
      const name = owner && nameOf(owner);
      if (name !== undefined) this.own.set(name, index);
    }
  }

  calls(sources: Sources): Call[] {
    const found = this.#starts(sources).flatMap(({ argument, rest }): Call[] => {
      const [at, expression] = [this.#place(argument), argument.getText()];
      const [owner] = parameterOf(argument);
      if (owner && nameOf(owner) !== undefined) return [];
      const program = this.#text(argument);
      if (program === undefined) return [{ at, expression }];
      const words = rest.flatMap((word) => (ts.isArrayLiteralExpression(word) ? [...word.elements] : [word]));
      return [program, ...this.#wrapped(program, words)].map((program) => ({ at, program, expression }));
    });
    const written = this.#nodes.filter(ts.isStringLiteralLike).flatMap((node): Call[] => {
      const program = programPath.exec(node.text)?.[1] ?? daemonOf(node);
      return program === undefined ? [] : [{ at: this.#place(node), program, expression: node.getText() }];
    });
    return [...found, ...written];
  }

  #place(node: ts.Node): string {
    return `${this.#path}:${this.#file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  }

  /** The programs among the words that a program is given. */
  #wrapped(program: string, words: readonly ts.Expression[]): string[] {
    if (program === "sh" || program === "bash") {
      const script = words.find((_, index) => /^-\w*c$/.test(this.#text(words[index - 1]) ?? ""));
      return script === undefined ? [] : shellPrograms(templateText(script));
    }
    if (!wrappers.has(program)) return [];
    const next = words.findIndex((word) => {
      const text = this.#text(word);
      return !ts.isSpreadElement(word) && text !== undefined && !text.startsWith("-");
    });
    const name = this.#text(words[next]);
    return name === undefined ? [] : [name, ...this.#wrapped(name, words.slice(next + 1))];
  }

  /** Calls in this file that start a program: the argument that says which, and those after it. */
  #starts(sources: Sources): { argument: ts.Expression; rest: readonly ts.Expression[] }[] {
    return this.#nodes.filter(ts.isCallExpression).flatMap(({ expression, arguments: given }) => {
      const index = this.#index(expression, sources);
      const argument = index === undefined ? undefined : given[index];
      return index === undefined || argument === undefined
        ? []
        : [{ argument, rest: given.slice(index + 1) }];
    });
  }

  /** Which argument of a called function says a program. */
  #index(callee: ts.Expression, sources: Sources): number | undefined {
    if (ts.isPropertyAccessExpression(callee)) return this.own.get(callee.name.text);
    if (ts.isCallExpression(callee) && callee.expression.getText() === "promisify") {
      const [promised] = callee.arguments;
      return promised && this.#index(promised, sources);
    }
    return ts.isIdentifier(callee) ? this.starter(callee.text, sources) : undefined;
  }

  /** The same of a function that this file declares, imports or passes on under a name. */
  starter(name: string, sources: Sources): number | undefined {
    if (this.own.has(name)) return this.own.get(name);
    for (const statement of this.#file.statements) {
      const specifier =
        ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) ? statement : undefined;
      const clause =
        specifier &&
        (ts.isImportDeclaration(specifier) ? specifier.importClause?.namedBindings : specifier.exportClause);
      if (!specifier?.moduleSpecifier || !clause || !("elements" in clause)) continue;
      const element = [...clause.elements].find((element) => element.name.text === name);
      if (element === undefined) continue;
      const from = (specifier.moduleSpecifier as ts.StringLiteral).text;
      if (starters.includes(from)) return 0;
      return sources
        .get(join(dirname(this.#path), from))
        ?.starter((element.propertyName ?? element.name).text, sources);
    }
    return undefined;
  }

  /** The text that an expression stands for, where it is written here. */
  #text(node: ts.Node | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) return node.head.text.startsWith("-") ? node.head.text : undefined;
    if (node.getText() === "process.execPath") return "node";
    if (!ts.isIdentifier(node)) return undefined;
    const declared = this.#nodes.find(
      (other): other is ts.VariableDeclaration =>
        ts.isVariableDeclaration(other) && other.name.getText() === node.text,
    );
    return declared?.initializer && ts.isStringLiteralLike(declared.initializer)
      ? declared.initializer.text
      : undefined;
  }
}

type Sources = ReadonlyMap<string, Source>;

function descendants(node: ts.Node, found: ts.Node[] = []): ts.Node[] {
  found.push(node);
  ts.forEachChild(node, (child) => {
    descendants(child, found);
  });
  return found;
}

/** The program that a daemon of the lab's is: the first word of its `commandLine`. */
function daemonOf(word: ts.StringLiteralLike): string | undefined {
  const list = word.parent;
  if (!ts.isArrayLiteralExpression(list) || list.elements[0] !== word) return undefined;
  const isCommandLine = ts.isPropertyAssignment(list.parent) && list.parent.name.getText() === "commandLine";
  return isCommandLine ? word.text : undefined;
}

/** The function whose parameter an expression is, and which one. */
function parameterOf(node: ts.Node): [Callable | undefined, number] {
  const name = ts.isElementAccessExpression(node) ? node.expression.getText() : node.getText();
  for (let owner = node.parent; !ts.isSourceFile(owner); owner = owner.parent) {
    if (!isCallable(owner)) continue;
    const index = owner.parameters.findIndex((parameter) => parameter.name.getText() === name);
    if (index >= 0) return [owner, index];
  }
  return [undefined, -1];
}

const isCallable = (node: ts.Node): node is Callable =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node);

function nameOf(callable: Callable): string | undefined {
  if (callable.name !== undefined) return callable.name.getText();
  return ts.isVariableDeclaration(callable.parent) ? callable.parent.name.getText() : undefined;
}

/** A template with a word for each of its gaps. */
function templateText(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return "";
  return node.head.text + node.templateSpans.map(({ literal }) => `"$gap"${literal.text}`).join("");
}
