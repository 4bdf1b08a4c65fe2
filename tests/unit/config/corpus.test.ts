import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import type { UserError } from "../../../components/base/errors.ts";
import { readConfig } from "../../../program/config.ts";
import { root, sourceOf } from "../program/stack.ts";

type Data = Record<string, unknown>;

/** Where the keys of a section stand. */
const SECTIONS: Readonly<Record<string, { prefix: string; wrap: (keys: Data) => Data }>> = {
  app: { prefix: "apps.a.", wrap: (keys) => ({ apps: { a: { image: "x:1", ...keys } } }) },
  middleware: { prefix: "middlewares.m.", wrap: (keys) => ({ middlewares: { m: keys } }) },
  traefik: { prefix: "traefik.", wrap: (traefik) => ({ traefik }) },
  stack: { prefix: "", wrap: (keys) => keys },
};

interface Case {
  readonly section: string;
  readonly text: string;
  readonly key: string;
  readonly words: string;
}

function cases(): Case[] {
  let section = "";
  const lines = readFileSync(join(root, "tests/unit/config/corpus.txt"), "utf8").split("\n");
  return lines.flatMap((line) => {
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    if (header !== undefined || line === "" || line.startsWith("#")) return [];
    const [text = "", key = "", words = ""] = line.split(" | ");
    return [{ section, text, key, words }];
  });
}

describe("a wrong configuration is refused in one line, with its key", () => {
  it.each(cases())("$section: $text", ({ section, text, key, words }) => {
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
