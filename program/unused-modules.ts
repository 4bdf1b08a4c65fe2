/**
 * Leaves unloaded what the SDK loads in each program and this one does not use: its Automation API, and TypeScript, which it reads the
 * closures of dynamic providers with. Either is loaded once something of it is asked for. Has to come before the SDK.
 */
import { createRequire, Module } from "node:module";

const require = createRequire(import.meta.url);

for (const part of ["automation/index.js", "typescript-shim.js"]) {
  const file = require.resolve(`@pulumi/pulumi/${part}`);
  require.cache[file] ??= deferred(file);
}

/** A module in the place of another, which it loads when it is first asked for something. */
function deferred(file: string): Module {
  let loaded: object | undefined;
  const load = (): object => {
    if (loaded === undefined) {
      Reflect.deleteProperty(require.cache, file);
      loaded = require(file) as object;
    }
    return loaded;
  };
  const module = new Module(file);
  module.exports = new Proxy(
    {},
    {
      // Asked whenever TypeScript's compiled code imports a module.
      get: (_, key) => key === "__esModule" || (Reflect.get(load(), key) as unknown),
      has: (_, key) => Reflect.has(load(), key),
    },
  );
  module.loaded = true;
  return module;
}
