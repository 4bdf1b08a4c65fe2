import { isIP } from "node:net";

import * as pulumi from "@pulumi/pulumi";

import { Problems, UserError } from "../base/errors.ts";
import { platformName, runningStack, type StackInfo } from "../base/stack.ts";
import { acmeServer } from "../traefik/acme.ts";
import { Traefik, type TraefikArgs, TraefikDashboard, type TraefikDashboardArgs } from "../traefik/index.ts";
import { AppPlatform, type Endpoint, type PlatformTls } from "./app-platform.ts";
import type { AcmeServer, PlatformFacts, PlatformOutputs } from "./facts.ts";
import { keepWhileInUse, refuseWhileInUse } from "./in-use.ts";
import { checkTeams, letReadNames, type Team, TeamSpace } from "./team.ts";

/** Arguments of {@link Platform}. */
export interface PlatformArgs {
  /** @default the running one */
  readonly stack?: StackInfo | undefined;
  /** Traefik, but for what the platform decides. */
  readonly traefik?: Omit<TraefikArgs, "stack" | "namespace"> | undefined;
  /**
   * Certificates. `false` serves plain http, for a gateway in front that ends TLS.
   */
  readonly tls: PlatformTls | false;
  /**
   * Address or name at which clients reach the stack, where no load balancer gives one: a node's.
   * @default the load balancer's
   */
  readonly address?: string | undefined;
  /** Traefik's dashboard. @default not reachable */
  readonly dashboard?: Dashboard | undefined;
  /**
   * Whether apps of other stacks are on it, which name it by a {@link PlatformReference}.
   * @default `true` with `teams`, else `false`
   */
  readonly shared?: boolean | undefined;
  /**
   * Who deploys on it with no more rights than their own namespaces need, which are made here.
   * @default none
   */
  readonly teams?: Readonly<Record<string, Team>> | undefined;
}

/** Traefik's dashboard, for those who may see it. */
export interface Dashboard {
  /** Host it has to itself. */
  readonly host: string;
  /** Who may sign in. */
  readonly basicAuth: TraefikDashboardArgs["basicAuth"];
  /** Networks that may reach it, as CIDRs. */
  readonly allow: readonly string[];
}

/** What the apps of a stack share: Traefik, its class and entry points, and who signs their certificates. */
export class Platform extends AppPlatform {
  readonly stack: StackInfo;
  readonly traefik: Traefik;
  /** IngressClass of the stack. */
  readonly ingressClass: pulumi.Output<string>;
  /** Where clients reach the stack. */
  readonly endpoint: pulumi.Output<Endpoint>;
  /** Port at which clients reach https, where it is known before `up`. */
  readonly httpsPort: number | undefined;
  readonly acme: AcmeServer | undefined;
  readonly registered: Promise<void>;
  /** What other stacks need of it, where it is shared. */
  readonly outputs: PlatformOutputs | undefined;
  protected readonly tls: PlatformTls | false;
  readonly #name: string;
  /** Names of Traefik's plugins. */
  readonly #plugins: readonly string[] | undefined;
  readonly #refuse: pulumi.ResourceHook;
  readonly #spaces: readonly TeamSpace[];

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Platform", name, opts);
    const { stack: given = runningStack(), tls, address, teams = {} } = args;
    const { shared = Object.keys(teams).length > 0 } = args;
    const problems = new Problems("platform");
    checkTeams(given, teams, problems.at("teams"));
    const signs = !shared || tls === false || tls.authority !== undefined;
    problems.unless(
      signs,
      "tls.authority",
      undefined,
      "is what signs the certificates of those who share the platform",
    );
    const { acme, localPlugins } = args.traefik ?? {};
    problems.unless(
      acme === undefined || tls !== false,
      "traefik.acme",
      undefined,
      "needs tls, which is off",
    );
    problems.throwIfAny();
    const stack = shared ? { ...given, platform: platformName(given) } : given;
    this.#name = name;
    this.stack = stack;
    this.tls = tls;
    this.#plugins = localPlugins && Object.keys(localPlugins);
    this.acme = acme && { server: acmeServer(acme) };
    // Also where it is not shared: it may have been, and the engine runs the hooks of what it deletes.
    this.#refuse = refuseWhileInUse(name, stack, () => this);

    this.traefik = new Traefik(
      `${name}-traefik`,
      {
        ...(tls === false && { redirect: "none" }),
        // Ingresses and Gateways then say in their status where they are reached.
        ...(address !== undefined && { address: isIP(address) ? { ip: address } : { hostname: address } }),
        ...(args.dashboard !== undefined && { dashboard: true }),
        ...args.traefik,
        stack,
      },
      this.child(),
    );
    this.registered = this.traefik.registered;
    this.httpsPort = this.traefik.entryPoints.websecure.reachable;
    this.ingressClass = this.traefik.ingressClass;
    this.endpoint = pulumi
      .all([this.traefik.ports, this.traefik.loadBalancer])
      .apply(([{ http, https }, loadBalancer]) => ({
        address: address ?? loadBalancer ?? "",
        http,
        https: tls === false ? undefined : https,
      }));
    if (args.dashboard !== undefined) this.#dashboard(`${name}-dashboard`, args.dashboard);
    const spaces = this.#teams(`${name}-team`, teams);
    this.#spaces = Object.values(spaces);
    this.outputs = shared
      ? { platform: this.#facts(spaces), authorityKey: this.authority && pulumi.secret(this.authority.key) }
      : undefined;
  }

  override keepWhileInUse(apps: readonly pulumi.Resource[]): void {
    const { stack, traefik, authority } = this;
    if (stack.platform === undefined) return;
    const before = traefik.objects.apply((objects) => [...objects, ...this.#spaces, ...apps]);
    keepWhileInUse(
      this.#name,
      { stack, traefik, certificate: authority?.certificate, hook: this.#refuse },
      this.child({ dependsOn: before, deletedWith: traefik.namespaceObject }),
    );
  }

  #teams(name: string, teams: Readonly<Record<string, Team>>): Record<string, TeamSpace> {
    const { stack, traefik } = this;
    const spaces = Object.entries(teams).map(
      ([team, of]) =>
        [
          team,
          new TeamSpace(`${name}-${team}`, { team, of, stack, traefik, hook: this.#refuse }, this.child()),
        ] as const,
    );
    const subjects = spaces.flatMap(([, space]) => space.subjects);
    if (subjects.length > 0) letReadNames(`${name}s-names`, stack, subjects, this);
    return Object.fromEntries(spaces);
  }

  #facts(spaces: Readonly<Record<string, TeamSpace>>): pulumi.Output<PlatformFacts> {
    const { stack, traefik, authority, endpoint, httpsPort, acme } = this;
    const teams = Object.fromEntries(
      Object.entries(spaces).map(([team, { namespaces }]) => [team, namespaces] as const),
    );
    const entryPoints = Object.entries(traefik.entryPoints).map(
      ([name, { port }]) => [name, { port }] as const,
    );
    return pulumi.output({
      project: stack.project,
      stack: stack.stack,
      namespace: traefik.namespace,
      ingressClass: traefik.ingressClass,
      nginxIngressClass: traefik.nginxIngressClass,
      gatewayClass: traefik.gatewayClass,
      endpoint,
      httpsPort,
      entryPoints: Object.fromEntries(entryPoints),
      acme,
      plugins: this.#plugins,
      authority: authority && {
        commonName: authority.commonName,
        certificate: authority.certificate,
        validityEnd: authority.validityEnd,
      },
      teams,
    });
  }

  #dashboard(name: string, { host, basicAuth, allow }: Dashboard): void {
    const { traefik } = this;
    if (this.tls === false) {
      throw new UserError("platform", [
        { key: "dashboard", value: host, allowed: "needs tls: its password must not travel readable" },
      ]);
    }
    const within = { parent: this, deletedWith: traefik.namespaceObject };
    const certificate = this.issue(
      this.tls,
      `${name}-tls`,
      { app: "dashboard", namespace: traefik.namespace, hosts: [host] },
      within,
    );
    new TraefikDashboard(name, { traefik, host, tls: certificate, basicAuth, allow }, within);
  }
}
