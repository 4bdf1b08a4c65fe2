import { readFileSync } from "node:fs";
import { join } from "node:path";

type Data = Record<string, unknown>;

/** Where the keys of a section stand. */
export const SECTIONS: Readonly<Record<string, { prefix: string; wrap: (keys: Data) => Data }>> = {
  app: { prefix: "apps.a.", wrap: (keys) => ({ apps: { a: { image: "x:1", ...keys } } }) },
  middleware: { prefix: "middlewares.m.", wrap: (keys) => ({ middlewares: { m: keys } }) },
  traefik: { prefix: "traefik.", wrap: (traefik) => ({ traefik }) },
  stack: { prefix: "", wrap: (keys) => keys },
};

/** A wrong configuration: its keys as YAML, the key that is to be told, and words that follow. */
export interface Case {
  readonly section: string;
  readonly text: string;
  readonly key: string;
  readonly words: string;
}

/** The wrong configurations of `corpus.txt`. */
export function corpus(): Case[] {
  let section = "";
  const lines = readFileSync(join(import.meta.dirname, "corpus.txt"), "utf8").split("\n");
  return lines.flatMap((line) => {
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    if (header !== undefined || line === "" || line.startsWith("#")) return [];
    const [text = "", key = "", words = ""] = line.split(" | ");
    return [{ section, text, key, words }];
  });
}
