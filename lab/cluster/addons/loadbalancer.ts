import { metallbValues } from "../../../components/metallb/values.ts";
import { lab } from "../addresses.ts";
import type { ProgramFile } from "../binary-image.ts";
import { apply, kubectl } from "../control-plane.ts";
import { waitFor } from "../wait.ts";
import { installChart } from "./helm.ts";
import { metallbChart, provideMetallb } from "./metallb.ts";

const namespace = "metallb-system";
const release = lab.name;

/**
 * Gives Traefik's Services of type LoadBalancer an address, as a cloud would. A MetalLB that somebody else has installed stays as it
 * is, with the addresses that it has to give.
 *
 * @param program finds the binaries `controller`, `speaker` and `helm`
 */
export async function installLoadBalancer(program: ProgramFile): Promise<void> {
  await provideMetallb(program);
  if (await isSomebodyElses()) return;
  await apply([
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    },
  ]);
  await installChart(program, { name: release, chart: metallbChart, namespace, values: metallbValues({}) });
  await waitFor(givesAddresses, {
    what: "MetalLB takes its addresses",
    deadline: 120,
    interval: 1000,
    advice: `Look at: kubectl --namespace ${namespace} logs deployment/${release}-metallb-controller`,
  });
}

interface List {
  readonly items: readonly {
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  }[];
}

/** Whether there is a MetalLB that was not installed here: a cluster has one at most. */
async function isSomebodyElses(): Promise<boolean> {
  const labelled = ["--selector", "app.kubernetes.io/name=metallb", "--output", "json"];
  const { items } = JSON.parse(
    await kubectl(["get", "deployments", "--all-namespaces", ...labelled]),
  ) as List;
  return items.some(({ metadata }) => metadata.annotations?.["meta.helm.sh/release-name"] !== release);
}

/** The addresses, for Traefik alone: examples and tests have a pool of their own. */
export const addressManifests = (): object[] => {
  const object = (kind: string, spec: object): object => ({
    apiVersion: "metallb.io/v1beta1",
    kind,
    metadata: { name: lab.name, namespace },
    spec,
  });
  const serviceSelectors = [{ matchLabels: { "app.kubernetes.io/name": "traefik" } }];
  return [
    object("IPAddressPool", { addresses: [lab.loadBalancerRange], serviceAllocation: { serviceSelectors } }),
    object("L2Advertisement", { ipAddressPools: [lab.name] }),
  ];
};

/** MetalLB's webhook, which has to look at them, is reached a while after its pod is ready. */
async function givesAddresses(): Promise<boolean> {
  await apply(addressManifests());
  return true;
}
