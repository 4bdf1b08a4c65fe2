/** What went wrong outside of a program or in its configuration, and what to do. */
export interface Explanation {
  /** One line. */
  readonly message: string;
  /** A sentence or two. */
  readonly advice: string;
}

const AGAIN =
  "Then run the same command again: what was made by now is known, and `slipway recover` finds the rest.";

const PASSPHRASE =
  "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the one that the stack was made with. Nothing was changed.";

const KUBECONFIG = "`kubectl config get-contexts` shows what KUBECONFIG has. Nothing was changed.";

const GONE =
  "Of a cluster that is gone for good, `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy` forgets what was on it.";

/** The words of Pulumi, its provider, Kubernetes and etcd, the more telling first. `$1` is what stands in the brackets. */
const FAILURES: readonly (readonly [words: RegExp, message: string, advice: string])[] = [
  [
    /error: configuration of stack ([\w.-]+):/,
    "the configuration of stack $1 has mistakes",
    "Each key is named with what is allowed; docs/configuration.md has all keys. Nothing was changed.",
  ],
  [
    /failed to load checkpoint: EOF/,
    "a killed run left the file beside the state empty that says of what kind it is",
    "Remove `<stack>.json.attrs`, which is not needed, in the backend's directory `.pulumi/stacks/<project>`. Then: slipway recover.",
  ],
  [
    /incorrect passphrase/,
    "the passphrase is not the one that the stack's secrets are encrypted with",
    PASSPHRASE,
  ],
  [/passphrase must be set/, "there is no passphrase for the stack's secrets", PASSPHRASE],
  [
    /currently locked by \d+ lock/,
    "another run is at work on the stack, or was killed",
    "Wait for it to end. `slipway recover` says who it is, and removes the lock of one that is gone.",
  ],
  [
    /write (\S+?)(?:\.\w+\.tmp)?: no space left on device/,
    "there is no space left on the disk of $1",
    `Make some. ${AGAIN}`,
  ],
  [
    /etcdserver: mvcc: database space exceeded/,
    "the cluster's etcd is full, and takes nothing more",
    `Whoever runs the cluster has to compact and defragment it, and then to disarm its alarm NOSPACE. ${AGAIN}`,
  ],
  [
    /etcdserver: (request timed out|no leader|leader changed|too many requests)/,
    "the cluster's etcd does not keep up: $1",
    `Whoever runs the cluster has to look at its disk. ${AGAIN}`,
  ],
  [/context "([^"]*)" does not exist/, "the kubeconfig has no context $1", KUBECONFIG],
  [
    /failed to parse kubeconfig|no configuration has been provided/,
    "there is no kubeconfig that can be read",
    `Point KUBECONFIG to the one of the cluster. ${KUBECONFIG}`,
  ],
  [
    /x509: certificate has expired or is not yet valid: (current time \S+ is (?:before|after) \S+)/,
    "the API server's certificate does not hold at this machine's time: $1",
    "Compare the clocks (`date -u`) of this machine and of the cluster's; where both are right, the certificate has to be renewed.",
  ],
  [
    /x509: certificate signed by unknown authority/,
    "another API server answers at this address than the kubeconfig knows",
    "The address may be another cluster's by now: fetch the kubeconfig anew from whoever runs the cluster. Nothing was changed.",
  ],
  [
    /asked for the client to provide credentials|\bUnauthorized\b/,
    "the cluster does not accept the kubeconfig's credentials: they have ended, or are another cluster's",
    "Sign in again, or fetch the kubeconfig anew from whoever runs the cluster; `kubectl auth whoami` has to work.",
  ],
  [
    /(?:dial tcp|lookup) (\S+?):? .*(?:connection refused|no route to host|i\/o timeout|no such host|network is unreachable)/,
    "no API server answers at $1",
    `Is the cluster running, and is this its address? \`kubectl cluster-info\` asks the same one. ${AGAIN} ${GONE}`,
  ],
  [
    /http2: client connection (?:lost|force closed)|stream error: .*INTERNAL_ERROR|the client connection is closing|unexpected EOF/,
    "the API server went away in the middle",
    `Wait until \`kubectl get --raw /readyz\` says ok. ${AGAIN}`,
  ],
  [/configured Kubernetes cluster is unreachable/, "the cluster cannot be reached", GONE],
];

/** What is behind a failure that Pulumi tells of in its own words; `undefined` where it is not one of those known here. */
export function explainFailure(output: string): Explanation | undefined {
  for (const [words, message, advice] of FAILURES) {
    const found = words.exec(output);
    if (found !== null) return { message: message.replace("$1", found[1] ?? ""), advice };
  }
  return undefined;
}
