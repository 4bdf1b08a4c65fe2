import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * What `kubectl get` knows, with the kubeconfig and context that it would use by hand.
 *
 * @throws where there is no kubectl, and when no cluster answers within ten seconds
 */
export async function kubectlGet<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(
    "kubectl",
    ["get", ...args, "--output", "json", "--request-timeout", "10s"],
    { maxBuffer: 64 * 2 ** 20 },
  );
  return JSON.parse(stdout) as T;
}
