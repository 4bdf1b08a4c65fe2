/** Writes docs/configuration.md: `node scripts/reference.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { configurationReference } from "../program/config/reference.ts";

const file = join(import.meta.dirname, "../docs/configuration.md");
writeFileSync(file, configurationReference());
