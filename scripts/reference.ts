/** Writes the schema of a stack's settings, docs/configuration.md and the alerts: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { monitoringFiles } from "./monitoring.ts";
import { settingsFiles } from "./settings/index.ts";

for (const [path, content] of Object.entries({ ...settingsFiles(), ...monitoringFiles() })) {
  writeFileSync(join(import.meta.dirname, "..", path), content);
}
