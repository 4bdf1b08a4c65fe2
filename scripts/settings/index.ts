import { configurationReference } from "./reference.ts";
import { settingsSchema } from "./schema.ts";
import { stackFileSchema } from "./stack-file.ts";

/** What is made from the interfaces of a stack's settings, by its path in the repository. */
export function settingsFiles(): Record<string, string> {
  const schema = settingsSchema();
  return {
    "program/schema/settings.json": json(schema),
    "program/schema/stack.json": json(stackFileSchema(schema)),
    "docs/configuration.md": configurationReference(schema),
  };
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
