import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { hookName, logFailure } from "../base/hooks.ts";
import type { Kubectl } from "../base/kubectl.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string | undefined;
}

interface Certificate {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly dnsNames: readonly string[] };
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}

/** What an ACME server wants to see of a host. */
export interface Challenge {
  readonly spec: { readonly dnsName: string };
  readonly status?: { readonly reason?: string | undefined; readonly state?: string | undefined } | undefined;
}

/**
 * Says why a certificate is not issued: the provider tells that it is not ready, and cert-manager has the reason elsewhere.
 * @param name Pulumi name, which the hook's is made of
 * @param resource the certificate's, once it is made
 */
export const explainCertificate = (name: string, resource: () => pulumi.Resource): pulumi.ErrorHook =>
  new pulumi.ErrorHook(hookName(name, "issuer"), async ({ urn, newInputs, errors }) => {
    const reason = isUnknownKind(errors[0] ?? "")
      ? "cert-manager is not in the cluster: it has no kind Certificate. Install it, https://cert-manager.io/docs/installation/"
      : await reasonOf(newInputs as Certificate, kubectlOf(resource()));
    await logFailure(urn, reason);
    return false;
  });

const isUnknownKind = (error: string): boolean => error.includes("no matches for kind");

async function reasonOf({ metadata, spec }: Certificate, kubectl: Kubectl): Promise<string> {
  const { name, namespace } = metadata;
  const within = ["--namespace", namespace];
  try {
    const [certificate, { items }] = await Promise.all([
      kubectl.get<Certificate>("certificates.cert-manager.io", name, ...within),
      // There are none where the issuer is not of ACME.
      kubectl.get<{ readonly items: readonly Challenge[] }>("challenges.acme.cert-manager.io", ...within),
    ]);
    const own = items.filter(({ spec: { dnsName } }) => spec.dnsNames.includes(dnsName));
    return certificateReason(namespace, name, certificate.status?.conditions ?? [], own);
  } catch {
    return `cert-manager says why: kubectl describe certificate ${name} --namespace ${namespace}`;
  }
}

/** Why a certificate is not ready, as cert-manager says it, and where there is more. */
export function certificateReason(
  namespace: string,
  name: string,
  conditions: readonly Condition[],
  challenges: readonly Challenge[],
): string {
  const said = conditions
    .filter(({ type, status }) => (type === "Ready" ? status !== "True" : type === "Issuing"))
    .flatMap(({ message }) => (message === undefined ? [] : [message]));
  const asked = challenges.flatMap(({ spec: { dnsName }, status }) =>
    status?.reason === undefined || status.reason === "" ? [] : [`${dnsName}: ${status.reason}`],
  );
  return [
    ...new Set([...said, ...asked]),
    `certificate ${namespace}/${name} is not issued: kubectl describe certificate,certificaterequest,order,challenge --namespace ${namespace}`,
  ].join("\n");
}
