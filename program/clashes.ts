import { type Problem, Problems } from "../components/base/errors.ts";
import { platformName } from "../components/base/stack.ts";
import { type ClusterObject, described, hostsOf, isOf } from "../components/platform/taken.ts";
import { teamNamespaces } from "../components/platform/team.ts";
import { PROXY } from "../components/sign-in/proxy.ts";
import { ingressClassOf, nginxIngressClassOf } from "../components/traefik/defaults.ts";
import { nodePortClaims } from "./config/check-apps.ts";
import type { StackConfig } from "./config.ts";

/** Something that a stack is about to have, and no other may. */
interface Claim {
  /** Key of the stack's file that it comes from. */
  readonly key: string;
  readonly value: string | number;
  /** The object that has it, or one that it would take it from. */
  readonly isTakenBy: (object: ClusterObject) => boolean;
}

/**
 * What of a stack is others' already. Apps of one host belong to one stack: of two certificates for it, Traefik would serve either.
 * @param objects of the whole cluster
 */
export function clashesOf(config: StackConfig, objects: readonly ClusterObject[]): readonly Problem[] {
  const others = objects.filter((object) => !isOf(object, config.stack));
  const problems = new Problems("");
  for (const { key, value, isTakenBy } of claimsOf(config)) {
    const other = others.find(isTakenBy);
    if (other !== undefined) problems.add(key, value, `is taken by ${described(other)}`);
  }
  return problems.found;
}

/** @throws UserError with a line for each name, host and node port that is others' already */
export function refuseClashes(config: StackConfig, objects: readonly ClusterObject[]): void {
  const problems = new Problems(`stack ${config.stack.stack}, on its cluster`);
  problems.addAll("", clashesOf(config, objects));
  problems.throwIfAny();
}

const claimsOf = (config: StackConfig): readonly Claim[] => [
  ...namespaceClaims(config),
  ...classClaims(config),
  ...nodePortClaims(config).map(({ key, nodePort }) => ({
    key,
    value: nodePort,
    isTakenBy: ({ kind, spec }: ClusterObject) =>
      kind === "Service" && (spec?.ports ?? []).some((port) => port.nodePort === nodePort),
  })),
  ...hostClaims(config),
  ...serviceClaims(config),
];

/** Namespaces that the stack makes. */
function namespaceClaims({ stack, team, platformStack, namespaces, apps, teams }: StackConfig): Claim[] {
  const own = platformStack === undefined;
  const named: (readonly [key: string, name: string])[] = [
    ...(own ? [["traefik", `${platformName(stack)}-traefik`] as const] : []),
    ...Object.entries(teams).flatMap(([name, of]) =>
      teamNamespaces(stack, name, of).map((namespace) => [`platform.teams.${name}`, namespace] as const),
    ),
    ...(team === undefined ? namespaces : []).map(({ name }) => {
      const app = apps.find(({ namespace }) => namespace === name)?.name ?? "";
      return [`apps.${app}.namespace`, name] as const;
    }),
  ];
  return named.map(([key, value]) => ({ key, value, isTakenBy: isNamed("Namespace", value) }));
}

function classClaims({ stack, platformStack, traefik }: StackConfig): Claim[] {
  if (platformStack !== undefined) return [];
  const args = { ...traefik, stack, namespace: "" };
  const nginx = traefik.providers?.kubernetesIngressNGINX === true ? [nginxIngressClassOf(args)] : [];
  return [ingressClassOf(args), ...nginx].map((value) => ({
    key: "traefik.ingressClass",
    value,
    isTakenBy: isNamed("IngressClass", value),
  }));
}

/** Hosts of a shared platform; every other Traefik serves its own stack alone, whatever the host. */
const hostClaims = ({ apps, platformName: shared }: StackConfig): Claim[] =>
  shared === undefined
    ? []
    : apps.flatMap(({ name, spec: { hosts } }) =>
        [...new Set(hosts)].map((host) => ({
          key: `apps.${name}.host`,
          value: host,
          isTakenBy: (object: ClusterObject) => hostsOf(object).includes(host),
        })),
      );

/** Services in a team's namespace, in which other stacks of the team may have some. */
const serviceClaims = ({ team, apps, signIn }: StackConfig): Claim[] =>
  team === undefined
    ? []
    : [
        ...apps.map(({ name, namespace }) => ({ key: `apps.${name}`, name, namespace })),
        ...(signIn ? [{ key: "signIn", name: PROXY, namespace: signIn.namespace }] : []),
      ].map(({ key, name, namespace }) => ({
        key,
        value: name,
        isTakenBy: isNamed("Service", name, namespace),
      }));

const isNamed =
  (kind: string, name: string, namespace?: string) =>
  ({ kind: other, metadata }: ClusterObject): boolean =>
    other === kind && metadata.name === name && metadata.namespace === namespace;
