import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { libraryPages } from "../../../scripts/library/pages.ts";

const directory = join(import.meta.dirname, "../../../docs/library");

it("docs/library is what the doc comments say: else run `npm run docs`", async () => {
  const written = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(await libraryPages()));
}, 300_000);
