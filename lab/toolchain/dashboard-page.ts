import { existsSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { cacheDir, projectDir } from "../base/paths.ts";
import { capture, run } from "../base/run.ts";
import { shortHash } from "./place.ts";
import type { Edit, Trim } from "./trims.ts";

/**
 * The page of Traefik's dashboard is in Traefik's module as source, with a lock file of the npm packages it is made of. One of
 * them, Traefik's own set of controls, is published under a scope that the npm registry does not serve; under its former scope
 * it does, and the page builds with that release. The lock file keeps its name and has the other's checksum; all else stays.
 */
export const dashboardEdits: readonly Edit[] = [
  {
    file: "webui/package.json",
    find: '"@traefik-labs/faency": "12.3.3"',
    replace: '"@traefik-labs/faency": "npm:@traefiklabs/faency@12.0.4"',
  },
  {
    file: "webui/yarn.lock",
    find: '    "@traefik-labs/faency": "npm:12.3.3"',
    replace: '    "@traefik-labs/faency": "npm:@traefiklabs/faency@12.0.4"',
  },
  {
    file: "webui/yarn.lock",
    find: /"@traefik-labs\/faency@npm:12\.3\.3":\n {2}version: .*\n {2}resolution: .*\n/,
    replace: `"@traefik-labs/faency@npm:@traefiklabs/faency@12.0.4":
  version: 12.0.4
  resolution: "@traefiklabs/faency@npm:12.0.4"
`,
  },
  {
    file: "webui/yarn.lock",
    find: '    prism-react-renderer: "npm:2.4.1"\n    prismjs:',
    replace: '    lodash.merge: "npm:^4.6.2"\n    prism-react-renderer: "npm:2.4.1"\n    prismjs:',
  },
  {
    file: "webui/yarn.lock",
    find: "10c0/a7b576afe27192c709931d51e428063a7b7eefb16429d8c36be8d52e1320d45f04837743bf28bff71ff330bb772b1a63f0d760084e3273403b7d4372e010a357",
    replace:
      "10c0/3ad37330aebe01ff674acc8d37799dbce6ac9b9971b6dcdb015be10699ce4386e181a53667bd6e2311dd0ffc5880afacd0b9140d308c63255d2338f1e2a7c08d",
  },
];

/** Pages that were built, by their sources. */
const pages = cacheDir("dashboard-page");

const log = "dashboard-page";

/**
 * Gives the copy of Traefik's module the dashboard's page, which Go then takes into the program. The page is kept: it is built
 * anew only when its sources change.
 *
 * @param module directory of the copy
 * @param trim what the copy was made of
 */
export async function addDashboardPage(
  module: string,
  { sum, edits = [] }: Trim,
  note: (text: string) => void,
): Promise<void> {
  const sources = join(module, "webui");
  const page = join(pages, shortHash(sum, ...edits.flatMap(({ find, replace }) => [String(find), replace])));
  if (!existsSync(page)) await buildPage(sources, page, note);
  await cp(page, join(sources, "static"), { recursive: true });
}

async function buildPage(sources: string, page: string, note: (text: string) => void): Promise<void> {
  const registry = await capture("npm", ["config", "get", "registry"], { cwd: projectDir });
  const yarn = join(projectDir, "node_modules/@yarnpkg/cli-dist/bin/yarn.js");
  const partial = `${page}.partial`;
  note("npm packages");
  // Exactly what the lock file says; the packages' own scripts are turned off by the page's settings.
  await run("nice", [process.execPath, yarn, "install", "--immutable"], {
    log,
    cwd: sources,
    env: {
      YARN_ENABLE_GLOBAL_CACHE: "false",
      // It would ask the registry whether the lock file is the registry's own, which one entry is not.
      YARN_ENABLE_HARDENED_MODE: "false",
      YARN_ENABLE_TELEMETRY: "false",
      YARN_NPM_REGISTRY_SERVER: registry,
      // A mirror in one's own network may have no TLS; what it gives is compared with the lock file.
      YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    },
    advice:
      "Traefik's dashboard is made of npm packages. Is the registry reachable? `npm config get registry` says which one is asked.",
  });
  note("page");
  await run(
    "nice",
    [process.execPath, "node_modules/vite/bin/vite.js", "build", "--outDir", partial, "--emptyOutDir"],
    {
      log,
      cwd: sources,
      // As Traefik's own build has it.
      env: { VITE_APP_BASE_API_URL: "/api" },
    },
  );
  await rename(partial, page);
  for (const scratch of ["node_modules", ".yarn"]) {
    await rm(join(sources, scratch), { recursive: true, force: true });
  }
}
