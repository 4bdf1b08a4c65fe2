import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";

import type { KubeConfig, User } from "@kubernetes/client-node";

import { CliError } from "../base/errors.ts";

/** Which cluster. */
export interface KubeconfigOptions {
  /**
   * Contents of a kubeconfig, or the path of one, as the provider's `kubeconfig` may be either.
   * @default the files of KUBECONFIG, else ~/.kube/config, else the pod's own account
   */
  readonly kubeconfig?: string | undefined;
  /** @default the current context */
  readonly context?: string | undefined;
}

/** A context of a kubeconfig, with what reaches its cluster. */
export interface Access {
  readonly config: KubeConfig;
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** Date the user's client certificate ends; `undefined` without one. */
  readonly certificateEnd?: Date | undefined;
}

/**
 * Reads a kubeconfig as kubectl does.
 *
 * @throws CliError where there is none, it cannot be read, or it has no such context
 */
export async function loadKubeconfig({ kubeconfig, context }: KubeconfigOptions = {}): Promise<Access> {
  // The library takes a second to load, which what needs no cluster does not wait for.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const where = kubeconfig === undefined ? defaultPlace() : "the provider's kubeconfig";
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (existsSync(kubeconfig)) config.loadFromFile(kubeconfig);
    else config.loadFromString(kubeconfig);
  } catch (error) {
    throw new CliError(
      `${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      "Point KUBECONFIG to the kubeconfig of the cluster: `kubectl config view` has to show it.",
      { cause: error },
    );
  }
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const known = config.getContexts().map(({ name }) => name);
    throw new CliError(
      context === undefined ? `${where} has no current context` : `${where} has no context ${context}`,
      known.length === 0
        ? "Point KUBECONFIG to the kubeconfig of the cluster."
        : `It has: ${known.join(", ")}.`,
    );
  }
  // The library refuses plain http, which kubectl uses for `kubectl proxy`.
  if (cluster.server.startsWith("http:")) Object.assign(cluster, { skipTLSVerify: true });
  return {
    config,
    context: config.getCurrentContext(),
    server: cluster.server,
    certificateEnd: certificateEnd(config.getCurrentUser()),
  };
}

const defaultPlace = (): string =>
  process.env["KUBECONFIG"]?.split(delimiter).filter(Boolean).join(", ") ?? "~/.kube/config";

function certificateEnd(user: User | null): Date | undefined {
  if (user === null) return undefined;
  const { certData, certFile } = user;
  const pem =
    certData !== undefined
      ? Buffer.from(certData, "base64")
      : certFile !== undefined && existsSync(certFile)
        ? readFileSync(certFile)
        : undefined;
  try {
    return pem && new X509Certificate(pem).validToDate;
  } catch {
    // The server says what is wrong with it.
    return undefined;
  }
}
