import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** kubectl, for one cluster. */
export interface Kubectl {
  /**
   * What a command prints.
   *
   * @throws where there is no kubectl, and with its own words where it fails
   */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /**
   * What `kubectl get` knows.
   *
   * @throws as `run` does, and when no cluster answers within ten seconds
   */
  readonly get: <T>(...args: readonly string[]) => Promise<T>;
}

/**
 * kubectl with the kubeconfig that it would use by hand.
 * @param context of the kubeconfig; the current one where it is not given
 */
export function kubectlWith(context: string | undefined): Kubectl {
  const run = async (...args: readonly string[]): Promise<string> => {
    const flags = context === undefined ? [] : ["--context", context];
    const { stdout } = await promisify(execFile)("kubectl", [...args, ...flags], { maxBuffer: 64 * 2 ** 20 });
    return stdout;
  };
  return {
    run,
    get: async <T>(...args: readonly string[]) =>
      JSON.parse(await run("get", ...args, "--output", "json", "--request-timeout", "10s")) as T,
  };
}
