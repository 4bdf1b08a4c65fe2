/**
 * Keeps from a program what Pulumi's SDK would load or start in each and hardly one uses. For `nodeargs` in Pulumi.yaml:
 * `--require slipway/preload`. It has to come before the SDK, so a program cannot import it.
 *
 * - The Automation API, TypeScript, tracing, and the debugger's session, by which closures of dynamic providers are read, come once
 *   something of them is asked for.
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
  // Under a trace of the engine's, the program's parts belong into it.
  if (process.env["TRACEPARENT"] === undefined) {
    place(require, "./cmd/run/tracing.js", deferred({ newSpan: () => unrecordedSpan(require) }));
  }
  // The SDK waits for the session before it runs a program. Closures ask for it themselves.
  place(require, "./runtime/closure/v8Hooks.js", deferred({ isInitializedAsync: () => Promise.resolve() }));
}

function unrecordedSpan(require: NodeJS.Require): unknown {
  const { trace, INVALID_SPAN_CONTEXT } = require("@opentelemetry/api") as {
    readonly trace: { wrapSpanContext(context: unknown): unknown };
    readonly INVALID_SPAN_CONTEXT: unknown;
  };
  return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
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

/** What a module exports. It is loaded when it is first asked for something else than `own`, which stands for it until then. */
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
  const exportsFor = (key: string | symbol): object =>
    loaded === undefined && Reflect.has(known, key) ? known : load();
  return new Proxy(known, {
    get: (_, key) => Reflect.get(exportsFor(key), key) as unknown,
    has: (_, key) => Reflect.has(exportsFor(key), key),
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
