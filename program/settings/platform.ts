import type { Team } from "../../components/index.ts";

/**
 * A platform that several stacks share: this stack's own, or that of another stack, whose Traefik then serves this stack's apps
 * and whose authority signs their certificates. See docs/teams.md.
 */
export interface PlatformSettings {
  /**
   * Stack whose platform the apps are on, by its full name, `organization/slipway/platform`. Then this stack has no Traefik and no
   * authority of its own. `organization` is what backends of files and buckets call theirs.
   * @default none: the stack has a platform of its own
   * @format stack
   */
  readonly stack?: string | undefined;
  /**
   * Team of that platform in whose namespaces the apps live.
   * @default none: the stack makes namespaces of its own
   */
  readonly team?: string | undefined;
  /**
   * Whether apps of other stacks may be on this stack's platform.
   * @default `true` with `teams`, else `false`
   */
  readonly shared?: boolean | undefined;
  /**
   * Teams by name, who deploy apps on this stack's platform with no more rights than that takes. Each has the namespace
   * `<project>-<stack>-<team>`, and the ServiceAccount `team-<team>` in the namespace of Traefik.
   * @default none
   */
  readonly teams?: Readonly<Record<string, Team>> | undefined;
}
