import ts from "typescript";

/** What stands for a key that is left out: a value, or a description of it. */
export type Default = { readonly default: unknown } | { readonly defaultText: string };

/**
 * The `@default` of every key by the key's name and what the schema's generator takes the tag for. The generator does not
 * tell a value, `"none"`, from words, `none`.
 */
export function defaultsOf(program: ts.Program): ReadonlyMap<string, Default> {
  const defaults = new Map<string, Default>();
  const add = (name: string, text: string): void => {
    const value = valueOf(text);
    const id = `${name}: ${JSON.stringify(value ?? text)}`;
    const found: Default = value === undefined ? { defaultText: text } : { default: value };
    const other = defaults.get(id) ?? found;
    if ("default" in other !== "default" in found)
      throw new Error(`the default of ${id} is once a value and once words`);
    defaults.set(id, found);
  };
  const visit = (node: ts.Node): void => {
    const tag = ts.isPropertySignature(node)
      ? ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default")
      : undefined;
    const text = tag && ts.getTextOfJSDocComment(tag.comment);
    if (text !== undefined) add((node as ts.PropertySignature).name.getText(), text);
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (!file.fileName.includes("/node_modules/")) visit(file);
  return defaults;
}

/** The value that a text is; `undefined` for words. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
