import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import type { UserError } from "../../../components/base/errors.ts";
import { readConfig } from "../../../program/config.ts";
import { sourceOf } from "../program/stack.ts";
import { corpus, SECTIONS } from "./corpus.ts";

type Data = Record<string, unknown>;

describe("a wrong configuration is refused in one line, with its key", () => {
  it.each(corpus())("$section: $text", ({ section, text, key, words }) => {
    const { prefix, wrap } = SECTIONS[section] ?? { prefix: "", wrap: (keys: Data) => keys };
    let message = "accepted";
    try {
      readConfig(sourceOf(wrap(parse(text) as Data)));
    } catch (error) {
      message = (error as UserError).message;
    }
    const lines = message.split("\n").slice(1);
    expect(lines).toEqual([expect.stringContaining(`  ${prefix}${key}: `)]);
    expect(lines).toEqual([expect.stringContaining(words)]);
  });
});
