/** Writes docs/library/ from the doc comments of what the library exports: `node scripts/library.ts`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { libraryPages } from "./library/pages.ts";

const directory = join(import.meta.dirname, "../docs/library");
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);
for (const [name, text] of await libraryPages()) writeFileSync(join(directory, name), text);
