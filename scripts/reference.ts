/** Writes the schema of a stack's settings and docs/configuration.md: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { settingsFiles } from "./settings/index.ts";

for (const [path, content] of Object.entries(settingsFiles())) {
  writeFileSync(join(import.meta.dirname, "..", path), content);
}
