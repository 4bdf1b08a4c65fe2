import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { execa } from "execa";

/** Runs kubectl, and gives what it printed. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("kubectl", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** An object as the API server has it. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as many shapes as there are kinds
  readonly [field: string]: any;
}

/** The objects of a kind: `kubectl get` with these arguments. */
export async function objects(...args: string[]): Promise<readonly KubeObject[]> {
  const list = JSON.parse(await kubectl("get", ...args, "--output", "json")) as KubeObject;
  return list.kind.endsWith("List") ? (list["items"] as KubeObject[]) : [list];
}

/** Runs a kubectl that reads an object: `feed(node, "create")`. */
export async function feed(object: object, ...args: readonly string[]): Promise<void> {
  await execa("kubectl", [...args, "--filename", "-"], { input: JSON.stringify(object) });
}

/** Makes an object, or changes it. */
export function apply(object: object): Promise<void> {
  return feed(object, "apply", "--server-side");
}

/** Runs a command in a pod, or in one of a workload's: `deployment/api`. */
export function execIn(namespace: string, pod: string, command: readonly string[]): Promise<string> {
  return kubectl("exec", "--namespace", namespace, pod, "--", ...command);
}
