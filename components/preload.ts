/**
 * Keeps from a program what Pulumi's SDK would load or start in each and hardly one uses. For `nodeargs` in Pulumi.yaml:
 * `--require slipway/preload`. It has to come before the SDK, so a program cannot import it.
 *
 * - The Automation API, TypeScript, and the debugger's session, by which closures of dynamic providers are read, come once something
 *   of them is asked for.
 * - Stack traces are left to Node.js, which keeps every position when it strips types. The SDK has them mapped by source-map-support,
 *   and takes a trace of every promise and resource. Without it, compiled programs show the lines of what was compiled, unless
 *   `nodeargs` has `--enable-source-maps`, too.
 */
import { createRequire, Module } from "node:module";
import { join } from "node:path";

type Exports = Readonly<Record<string, unknown>>;

const sdk = find(createRequire(join(process.cwd(), "package.json")), "@pulumi/pulumi/package.json");
if (sdk !== undefined) standInFor(createRequire(sdk));

function standInFor(require: NodeJS.Require): void {
  const deferred = (own: Exports) => (file: string) => loadedWhenUsed(require, file, own);
  place(require, "source-map-support/register", () => ({}));
  place(require, "./automation/index.js", deferred({}));
  place(require, "./typescript-shim.js", deferred({}));
  // The SDK waits for the session before it runs a program. Closures ask for it themselves.
  place(require, "./runtime/closure/v8Hooks.js", deferred({ isInitializedAsync: () => Promise.resolve() }));
}

/** Puts a module in the place of one that is not loaded yet. */
function place(require: NodeJS.Require, name: string, exports: (file: string) => Exports): void {
  const file = find(require, name);
  if (file === undefined || require.cache[file] !== undefined) return;
  const module = new Module(file);
  module.exports = exports(file);
  module.loaded = true;
  require.cache[file] = module;
}

/** What a module exports, loaded when it is first asked for something that is not its stand-in's own. */
function loadedWhenUsed(require: NodeJS.Require, file: string, own: Exports): Exports {
  let loaded: object | undefined;
  const load = (): object => {
    if (loaded === undefined) {
      Reflect.deleteProperty(require.cache, file);
      loaded = require(file) as object;
    }
    return loaded;
  };
  // TypeScript's compiled code asks for `__esModule` whenever it imports a module.
  const known: Exports = { __esModule: true, ...own };
  return new Proxy(known, {
    get: (_, key) =>
      (Reflect.has(known, key) ? Reflect.get(known, key) : Reflect.get(load(), key)) as unknown,
    has: (_, key) => Reflect.has(known, key) || Reflect.has(load(), key),
  });
}

/** The file of a module, or undefined where this SDK, perhaps a later one, has none of that name. */
function find(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
