import * as pulumi from "@pulumi/pulumi";

import { kubectlOf } from "../base/cluster.ts";
import { Problems, UserError } from "../base/errors.ts";
import { platformName, runningStack, type StackInfo } from "../base/stack.ts";
import type { TraefikRef } from "../route/index.ts";
import { type AppCertificates, AppPlatform, type Endpoint, type PlatformTls } from "./app-platform.ts";
import type { AcmeServer, PlatformFacts } from "./facts.ts";
import { askedOrNothing, described, hostsOf, isOf, routesOn } from "./taken.ts";

/** Arguments of {@link PlatformReference}. */
export interface PlatformReferenceArgs {
  /**
   * Stack that shares its platform, by its full name: `organization/slipway/platform`. `organization` is what backends of files and
   * buckets call theirs.
   */
  readonly platformStack: string;
  /**
   * Whose the apps are.
   * @default the running stack
   */
  readonly stack?: StackInfo | undefined;
  /**
   * Hosts of the apps, in all: those that another stack on the platform has are refused before anything is made, in a preview, too.
   * The cluster is asked, by kubectl.
   * @default none is compared
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * The apps' certificates.
   * @default keys of ECDSA, 365 days
   */
  readonly certificates?: AppCertificates | undefined;
}

/**
 * The platform of another stack, for apps of this one: they have namespaces, routes and certificates of their own, which that
 * platform's Traefik serves and its authority signs.
 *
 * ```ts
 * const platform = await PlatformReference.read("platform", { platformStack: "organization/slipway/platform" });
 * const namespace = new Namespace("shop", { platform });
 * new App("shop", { platform, namespace, image: "registry.example/shop:1.4", hosts: ["shop.example.org"] });
 * ```
 */
export class PlatformReference extends AppPlatform {
  readonly stack: StackInfo;
  readonly traefik: TraefikRef;
  readonly ingressClass: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<Endpoint>;
  readonly httpsPort: number | undefined;
  readonly acme: AcmeServer | undefined;
  readonly registered = Promise.resolve();
  /** None: a platform is shared by its own stack alone. */
  readonly outputs = undefined;
  /** What the platform's own stack tells. */
  readonly facts: PlatformFacts;
  protected readonly tls: PlatformTls | false;

  private constructor(
    name: string,
    args: PlatformReferenceArgs,
    facts: PlatformFacts,
    authorityKey: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ) {
    super("platform:PlatformReference", name, opts);
    const { stack = runningStack(), certificates = USUAL } = args;
    const { ingressClass, gatewayClass, entryPoints, endpoint, httpsPort, authority } = facts;
    this.facts = facts;
    this.stack = { ...stack, platform: platformName(facts) };
    this.traefik = { ingressClass, gatewayClass, entryPoints };
    this.ingressClass = pulumi.output(ingressClass);
    this.endpoint = pulumi.output(endpoint);
    this.httpsPort = httpsPort;
    this.acme = facts.acme;
    this.tls = authority !== undefined && {
      authority: {
        commonName: authority.commonName,
        certificate: pulumi.output(authority.certificate),
        validityEnd: pulumi.output(authority.validityEnd),
        key: pulumi.secret(authorityKey),
      },
      certificates,
    };
  }

  /**
   * Name of a namespace that the platform has made for a team.
   *
   * @param suffix of one beside the team's first
   * @throws UserError where there is none
   */
  namespaceOf(team: string, suffix?: string): string {
    const { teams, ...platform } = this.facts;
    const name = [platformName(platform), team, suffix].filter((part) => part !== undefined).join("-");
    if (teams[team]?.includes(name) === true) return name;
    const all = Object.values(teams).flat().join(", ") || "none";
    throw new UserError("platform", [
      { key: "teams", value: name, allowed: `is no namespace of its teams, there are: ${all}` },
    ]);
  }

  /**
   * Reads what the stack of a shared platform tells others. What depends on it is made after that, so the program has to await it.
   *
   * @throws UserError where that stack shares no platform, or is not up, and for each host that another stack has
   */
  static async read(
    name: string,
    args: PlatformReferenceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ): Promise<PlatformReference> {
    const { platformStack } = args;
    const outputs = new pulumi.StackReference(platformStack);
    const facts = (await outputs.getOutputDetails("platform")).value as PlatformFacts | undefined;
    if (facts === undefined) {
      const allowed = "shares no platform: set platform.shared there, and run its up";
      throw new UserError("platform", [{ key: "platform.stack", value: platformStack, allowed }]);
    }
    const key = outputs.getOutput("authorityKey") as pulumi.Output<string>;
    const platform = new PlatformReference(name, args, facts, key, opts);
    await platform.#refuseTaken(args.hosts ?? []);
    return platform;
  }

  async #refuseTaken(hosts: readonly string[]): Promise<void> {
    if (hosts.length === 0) return;
    const { stack } = this;
    const routes = await askedOrNothing(() => routesOn(kubectlOf(this), platformName(this.facts)));
    const problems = new Problems(`platform ${platformName(this.facts)}`);
    hosts.forEach((host, index) => {
      const other = routes.find((route) => !isOf(route, stack) && hostsOf(route).includes(host));
      if (other !== undefined) problems.add(`hosts[${index}]`, host, `is taken by ${described(other)}`);
    });
    problems.throwIfAny();
  }
}

const USUAL: AppCertificates = { key: { algorithm: "ECDSA" }, validityDays: 365 };
