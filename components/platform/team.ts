import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Component } from "../base/component.ts";
import type { Problems } from "../base/errors.ts";
import { stackLabels } from "../base/labels.ts";
import { metadataOf } from "../base/metadata.ts";
import { dnsLabel } from "../base/rules/index.ts";
import { platformName, type StackInfo } from "../base/stack.ts";
import type { Traefik } from "../traefik/index.ts";
import { Namespace } from "./namespace.ts";
import { checkQuota, type Quota } from "./quota.ts";
import { nameRules, teamRules } from "./team-rights.ts";

/** Who deploys apps on a shared platform, and where. */
export interface Team extends Quota {
  /**
   * Suffixes of further namespaces: `<project>-<stack>-<team>-<suffix>`.
   * @default `<project>-<stack>-<team>` alone
   */
  readonly namespaces?: readonly string[] | undefined;
  /** Users who have the team's rights, as the cluster's authentication names them. @default its ServiceAccount alone */
  readonly users?: readonly string[] | undefined;
  /** Groups whose members have the team's rights, as the cluster's authentication names them. @default none */
  readonly groups?: readonly string[] | undefined;
}

/** Label with the name of the team that a namespace is for. */
export const TEAM_LABEL = "slipway.dev/team";

/** Names of a team's namespaces. */
export function teamNamespaces(platform: StackInfo, team: string, { namespaces = [] }: Team): string[] {
  const own = `${platformName(platform)}-${team}`;
  return [own, ...namespaces.map((suffix) => `${own}-${suffix}`)];
}

/** Name of the ServiceAccount that a team deploys by, in the namespace of the platform's Traefik: no pod of the team's can take it. */
export const teamAccount = (team: string): string => `team-${team}`;

/** Who has a team's rights, as a binding names them. */
export function teamSubjects(
  team: string,
  { users = [], groups = [] }: Team,
  namespace: pulumi.Input<string>,
): k8s.types.input.rbac.v1.Subject[] {
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    { kind: "ServiceAccount", name: teamAccount(team), namespace },
    ...users.map((name) => ({ kind: "User", name, apiGroup })),
    ...groups.map((name) => ({ kind: "Group", name, apiGroup })),
  ];
}

/** A team of a platform. */
interface TeamSpaceArgs {
  readonly team: string;
  readonly of: Team;
  readonly stack: StackInfo;
  readonly traefik: Traefik;
  /** Refuses to delete a namespace in which the team has something. */
  readonly hook: pulumi.ResourceHook;
}

/** A team's namespaces, and the account that may deploy there and nowhere else. */
export class TeamSpace extends Component {
  /** Names of its namespaces. */
  readonly namespaces: pulumi.Output<string[]>;
  /** Who has the team's rights. */
  readonly subjects: k8s.types.input.rbac.v1.Subject[];

  constructor(name: string, args: TeamSpaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:TeamSpace", name, opts);
    const { team, of, stack, traefik } = args;
    this.subjects = teamSubjects(team, of, traefik.namespace);
    new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: metadataOf(teamAccount(team), { stack, namespace: traefik.namespace }),
        automountServiceAccountToken: false,
      },
      { parent: this, deletedWith: traefik.namespaceObject },
    );
    const namespaces = teamNamespaces(stack, team, of).map((objectName) => this.#namespace(objectName, args));
    this.namespaces = pulumi.all(namespaces.map((namespace) => namespace.name));
  }

  #namespace(objectName: string, { team, of, stack, traefik, hook }: TeamSpaceArgs): Namespace {
    const { resourceQuota, limitRange } = of;
    const labels = { [TEAM_LABEL]: team };
    const keep = (args: k8s.core.v1.NamespaceArgs, opts: pulumi.CustomResourceOptions): typeof args => {
      opts.hooks = { beforeDelete: [hook] };
      return args;
    };
    const namespace = new Namespace(
      objectName,
      { stack, traefik, objectName, labels, resourceQuota, limitRange, transform: { namespace: keep } },
      { parent: this },
    );
    const metadata = metadataOf("slipway-team", { stack, namespace });
    const role = new k8s.rbac.v1.Role(
      `${objectName}-team`,
      { metadata, rules: [...teamRules] },
      namespace.within(),
    );
    new k8s.rbac.v1.RoleBinding(
      `${objectName}-team`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: this.subjects,
      },
      namespace.within(),
    );
    return namespace;
  }
}

/**
 * Lets teams read which names others have taken, which their programs compare with their own before anything changes.
 * @param subjects of all teams
 */
export function letReadNames(
  name: string,
  stack: StackInfo,
  subjects: k8s.types.input.rbac.v1.Subject[],
  parent: pulumi.Resource,
): void {
  const metadata = { name: `${platformName(stack)}-names`, labels: stackLabels(stack) };
  const role = new k8s.rbac.v1.ClusterRole(name, { metadata, rules: [...nameRules] }, { parent });
  new k8s.rbac.v1.ClusterRoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects,
    },
    { parent },
  );
}

/** Records what is wrong with the teams of a platform. */
export function checkTeams(
  stack: StackInfo,
  teams: Readonly<Record<string, Team>>,
  problems: Problems,
): void {
  const owners = new Map<string, string>();
  for (const [team, of] of Object.entries(teams)) {
    const at = problems.at(team);
    problems.checkName(team, dnsLabel);
    at.checkEach("namespaces", of.namespaces, dnsLabel);
    checkQuota(of, at);
    for (const name of teamNamespaces(stack, team, of)) {
      at.unless(
        name.length <= 63,
        "",
        name,
        "is the name of its namespace, which must have at most 63 characters",
      );
      const owner = owners.get(name);
      at.unless(owner === undefined, "", name, `is a namespace of teams.${owner ?? ""}, too: rename one`);
      owners.set(name, team);
    }
  }
}
