import { CliError } from "../base/errors.ts";

/** Nobody answers at the API server's address, or not as an API server does. */
export class UnreachableError extends CliError {
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, advice, options);
    this.name = "UnreachableError";
  }
}

/** The API server answered, and refused. */
export class ApiError extends CliError {
  /** Of HTTP. */
  readonly status: number;
  /** One word of Kubernetes': `NotFound`, `Conflict`, `Invalid`; empty where it gave none. */
  readonly reason: string;

  constructor(message: string, advice: string, { status, reason }: { status: number; reason: string }) {
    super(message, advice);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

/** Where a request went, for messages. */
export interface Target {
  readonly server: string;
  readonly context: string;
  readonly certificateEnd?: Date | undefined;
}

const CLOCK = "Compare this machine's clock (`date -u`) with the true time, and with the cluster's.";
const OTHER_CLUSTER =
  "The address may be another cluster's by now: fetch the kubeconfig anew from whoever runs the cluster.";

/** What TLS says, and what it means. */
const TLS_ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: `The certificate of the API server has ended. ${CLOCK}`,
  CERT_NOT_YET_VALID: `The certificate of the API server begins later. ${CLOCK}`,
  SELF_SIGNED_CERT_IN_CHAIN: OTHER_CLUSTER,
  DEPTH_ZERO_SELF_SIGNED_CERT: OTHER_CLUSTER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: OTHER_CLUSTER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: OTHER_CLUSTER,
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_CLUSTER,
  // OpenSSL's own words for a signature by an authority of the same name.
  CERT_SIGNATURE_FAILURE: OTHER_CLUSTER,
};

/** Why a request got no answer. */
export function unreachable(error: unknown, { server, context }: Target): UnreachableError {
  const { code, message } = rootOf(error);
  const advice = TLS_ADVICE[code] ?? "";
  return new UnreachableError(
    `the cluster of context ${context} cannot be reached at ${server}: ${message}`,
    advice === ""
      ? "Is it running, and is this its address? `kubectl cluster-info` asks the same one. Another context is chosen by `kubectl config use-context`."
      : advice,
    { cause: error },
  );
}

/** The innermost of an error's causes: what the operating system or TLS said. */
function rootOf(error: unknown): { code: string; message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return rootOf(error.cause);
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return { code, message: error.message || code };
}

/** What an API server says of a request that it refused. */
interface Status {
  readonly message?: string;
  readonly reason?: string;
}

/** Why a request was refused. */
export function refused(status: number, body: string, target: Target, now = new Date()): ApiError {
  const { message = body.trim(), reason = "" } = statusOf(body);
  const { context, server, certificateEnd } = target;
  const details = { status, reason };
  if (status === 401) {
    const ended = certificateEnd !== undefined && certificateEnd < now;
    return new ApiError(
      ended
        ? `the client certificate of context ${context} ended on ${certificateEnd.toISOString().slice(0, 10)}`
        : `the cluster at ${server} does not accept the credentials of context ${context} (401)`,
      "Sign in again, or fetch the kubeconfig anew from whoever runs the cluster; `kubectl auth whoami` has to work.",
      details,
    );
  }
  return new ApiError(
    `the API server refused (${[String(status), reason].filter(Boolean).join(" ")}): ${message}`,
    status === 403
      ? `Context ${context} may not do this: \`kubectl auth can-i --list\` shows what it may.`
      : "This is what the API server says; `kubectl` gives the same answer.",
    details,
  );
}

function statusOf(body: string): Status {
  try {
    return JSON.parse(body) as Status;
  } catch {
    return {};
  }
}
