import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * What kubectl prints, with the kubeconfig and context that it would use by hand.
 *
 * @throws where there is no kubectl, and with its own words where it fails
 */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("kubectl", args, { maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

/**
 * What `kubectl get` knows.
 *
 * @throws where there is no kubectl, and when no cluster answers within ten seconds
 */
export async function kubectlGet<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl("get", ...args, "--output", "json", "--request-timeout", "10s")) as T;
}
