import type { KubeObject } from "../../cluster/object.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: number | string;
    readonly nodePort?: number;
  }[];
}

interface Slice {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

export const serviceSpec = (service: KubeObject): ServiceSpec => service["spec"] ?? {};

const fullName = ({ metadata: { name, namespace = "" } }: KubeObject): string => `${namespace}/${name}`;

export function checkServices(snapshot: Snapshot): readonly Diagnosis[] {
  const own = (snapshot.objects["Service"] ?? []).filter(({ metadata }) =>
    snapshot.namespaces.includes(metadata.namespace ?? ""),
  );
  return [
    ...own.flatMap((service) => [
      ...withoutEndpoints(service, snapshot),
      ...wrongPorts(service, snapshot),
      ...waitingForAddress(service),
    ]),
    ...takenPorts(snapshot),
  ];
}

const podsOf = (service: KubeObject, { objects }: Snapshot): readonly KubeObject[] => {
  const selector = Object.entries(serviceSpec(service).selector ?? {});
  return (objects["Pod"] ?? []).filter(
    ({ metadata }) =>
      metadata.namespace === service.metadata.namespace &&
      selector.every(([label, value]) => metadata.labels?.[label] === value),
  );
};

function withoutEndpoints(service: KubeObject, snapshot: Snapshot): Diagnosis[] {
  const { selector, type } = serviceSpec(service);
  if (selector === undefined || Object.keys(selector).length === 0 || type === "ExternalName") return [];
  const slices = (snapshot.objects["EndpointSlice"] ?? []).filter(
    ({ metadata }) =>
      metadata.namespace === service.metadata.namespace &&
      metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name,
  );
  const ready = slices.some((slice) =>
    ((slice as unknown as Slice).endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
  );
  if (ready) return [];
  const pods = podsOf(service, snapshot).length;
  const labels = Object.entries(selector).map(([label, value]) => `${label}=${value}`);
  return [
    {
      severity: "error",
      check: "services",
      about: `Service ${fullName(service)}`,
      message:
        pods === 0
          ? `leads to no pod: none has ${labels.join(",")}`
          : `leads to ${pods} pods, and none is ready`,
      advice:
        pods === 0
          ? "Compare its selector with the pods' labels; or the workload has no replicas."
          : "What keeps them is under pods.",
    },
  ];
}

interface ContainerPorts {
  readonly containers: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

/** A port that no container says it has. Containers need not say their numbers; but names lead nowhere without. */
function wrongPorts(service: KubeObject, snapshot: Snapshot): Diagnosis[] {
  const pods = podsOf(service, snapshot);
  if (pods.length === 0 || serviceSpec(service).selector === undefined) return [];
  const declared = pods.flatMap((pod) =>
    (pod["spec"] as ContainerPorts).containers.flatMap(({ ports }) => ports ?? []),
  );
  if (declared.length === 0) return [];
  return (serviceSpec(service).ports ?? []).flatMap(({ port, targetPort = port }) => {
    if (declared.some(({ name, containerPort }) => targetPort === name || targetPort === containerPort))
      return [];
    const there = [
      ...new Set(
        declared.map(({ name, containerPort }) => (name ? `${name} (${containerPort})` : containerPort)),
      ),
    ];
    return [
      {
        severity: typeof targetPort === "string" ? "error" : "warning",
        check: "services",
        about: `Service ${fullName(service)}`,
        message: `sends port ${port} to the pods' port ${targetPort}, and they have ${there.join(", ")}`,
        advice: "Make targetPort one of them, by name or number.",
      } as const,
    ];
  });
}

function waitingForAddress(service: KubeObject): Diagnosis[] {
  const { loadBalancer } = (service["status"] ?? {}) as { loadBalancer?: { ingress?: readonly unknown[] } };
  if (serviceSpec(service).type !== "LoadBalancer" || (loadBalancer?.ingress ?? []).length > 0) return [];
  return [
    {
      severity: "error",
      check: "services",
      about: `Service ${fullName(service)}`,
      message: "waits for a load balancer's address",
      advice: "The cluster gives none, or none is left: use NodePort, or MetalLB (examples/load-balancer).",
    },
  ];
}

/** Node ports that the stack wants and somebody else's Service has. */
function takenPorts({ objects, namespaces, nodePorts }: Snapshot): Diagnosis[] {
  return (objects["Service"] ?? [])
    .filter(({ metadata }) => !namespaces.includes(metadata.namespace ?? ""))
    .flatMap((service) => (serviceSpec(service).ports ?? []).map(({ nodePort }) => ({ service, nodePort })))
    .filter(({ nodePort }) => nodePort !== undefined && nodePorts.includes(nodePort))
    .map(({ service, nodePort }) => ({
      severity: "error",
      check: "node-ports",
      about: `Service ${fullName(service)}`,
      message: `has node port ${nodePort ?? ""}, which the stack's configuration asks for`,
      advice: "A cluster has each once: choose another, or leave it to Kubernetes.",
    }));
}
