import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { findProject, type ProjectOptions } from "../base/project.ts";
import { backendDirectory, backendUrl } from "./backend.ts";

/**
 * Removes the file beside a state that says of what kind it is, where a killed run left it empty. Pulumi's file backend writes it in
 * more than one step, reads no state beside an empty one (`failed to load checkpoint: EOF`), and needs none.
 * @param backend Pulumi's directory in the backend
 */
export function removeTornAttributes(backend: string, project: string, stack: string): void {
  removeEmpty(join(backend, "stacks", project, `${stack}${ATTRIBUTES}`));
}

/** {@link removeTornAttributes} for every stack: because of one, Pulumi lists none (`EOF`). */
export function removeAllTornAttributes(backend: string): void {
  const stacks = join(backend, "stacks");
  const names = readdirSync(stacks, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((each) => each.endsWith(ATTRIBUTES))) removeEmpty(join(stacks, name));
}

const ATTRIBUTES = ".json.attrs";

function removeEmpty(file: string): void {
  if (existsSync(file) && statSync(file).size === 0) rmSync(file);
}

/** {@link removeTornAttributes} for a stack that is named, of the backend that Pulumi uses. */
export async function mendTornState({ cwd, stack }: ProjectOptions): Promise<void> {
  const directory = findProject(cwd);
  const file = join(directory, "Pulumi.yaml");
  const url = await backendUrl(directory);
  const backend = url === undefined ? undefined : backendDirectory(url, directory);
  if (stack === undefined || backend === undefined || !existsSync(file)) return;
  const { name } = parse(readFileSync(file, "utf8")) as { readonly name: string };
  removeTornAttributes(backend, name, stack.split("/").at(-1) ?? stack);
}
