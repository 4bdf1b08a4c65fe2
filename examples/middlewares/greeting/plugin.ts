import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { LocalPlugin } from "../../../components/index.ts";

const files = [".traefik.yml", "greeting.go"];

/** A plugin of Traefik's, from the files beside this one. */
export const greeting: LocalPlugin = {
  module: "example.org/greeting",
  source: Object.fromEntries(
    files.map((name) => [name, readFileSync(join(import.meta.dirname, name), "utf8")]),
  ),
};
