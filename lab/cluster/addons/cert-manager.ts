import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { apply, kubectl } from "../control-plane.ts";
import { moduleDirectory } from "../manifests.ts";
import { sha256OfFile } from "../oci-layout.ts";
import { waitFor } from "../wait.ts";
import { installChart } from "./helm.ts";
import { pebbleDns } from "./pebble.ts";

const version = "v1.21.2";

const name = "cert-manager";

/** None of the machine's: its pods, and those that it makes for challenges, ask for one that is not root. */
const user = 65_532;

const chart = { module: "github.com/cert-manager/cert-manager", version, path: "deploy/charts/cert-manager" };

/**
 * Installs cert-manager by the chart in its module. It asks the addon pebble's DNS whether a challenge is reachable, as the lab has no
 * other ACME server.
 *
 * @param program finds the binaries `cert-manager` and `helm`
 */
export async function installCertManager(program: ProgramFile): Promise<void> {
  // The chart's own names, of which each starts another part of the one program.
  const file = program(name);
  const tag = `${version}-${(await sha256OfFile(file)).slice(0, 8)}`;
  for (const role of ["controller", "webhook", "cainjector", "acmesolver"]) {
    await importBinaryImage(`quay.io/jetstack/cert-manager-${role}:${tag}`, file, { args: [role], user });
  }
  await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name } }]);
  await installChart(program, {
    name,
    chart: await moduleDirectory(chart),
    namespace: name,
    values: valuesWith(tag),
  });
  await waitFor(isAdmitted, {
    what: "cert-manager's webhook answers",
    deadline: 120,
    interval: 1000,
    advice: `Look at: kubectl --namespace ${name} logs deployment/${name}-webhook`,
  });
}

/** Values of the chart. */
function valuesWith(tag: string): object {
  const image = { tag };
  const resources = { requests: { cpu: "10m", memory: "32Mi" } };
  return {
    crds: { enabled: true, keep: false },
    // Its Job is a program of its own, and what it looks for is waited for here.
    startupapicheck: { enabled: false },
    image,
    resources,
    extraArgs: [`--acme-http01-solver-nameservers=${pebbleDns}`],
    webhook: { image, resources },
    cainjector: { image, resources },
    acmesolver: { image },
  };
}

/** Its certificate reaches the webhook and the API server some seconds after the pods are ready. */
async function isAdmitted(): Promise<boolean> {
  const issuer = {
    apiVersion: "cert-manager.io/v1",
    kind: "Issuer",
    metadata: { name, namespace: name },
    spec: { selfSigned: {} },
  };
  const args = ["apply", "--server-side", "--dry-run=server", "--filename", "-"];
  await kubectl(args, { input: JSON.stringify(issuer) });
  return true;
}
