import type { Problems } from "../../components/base/errors.ts";
import { labelValue } from "../../components/base/rules/index.ts";
import { platformName, type StackInfo } from "../../components/base/stack.ts";
import { checkTeams } from "../../components/platform/team.ts";
import type { Values } from "../../components/base/values.ts";
import type { Settings } from "../settings/index.ts";
import { valueAt } from "./keys.ts";

/** Keys that say how a platform is made. */
const OF_PLATFORM = [
  ["platform", "shared"],
  ["platform", "teams"],
  ["traefik"],
  ["endpoint"],
  ["tls", "enabled"],
  ["tls", "authority"],
];

/**
 * Records what is wrong with a platform that stacks share.
 * @param own what the stack itself gave: a site file speaks to stacks with a platform of their own, too
 */
export function checkPlatform(
  { platform = {} }: Settings,
  own: Values,
  stack: StackInfo,
  problems: Problems,
): void {
  const { stack: other, shared, team, teams } = platform;
  if (other === undefined) {
    if (shared === true || teams !== undefined) problems.check("stack", platformName(stack), labelValue);
    problems.unless(team === undefined, "platform.team", team, "needs platform.stack, whose team it is");
    const some = teams !== undefined && Object.keys(teams).length > 0;
    problems.unless(
      shared !== false || !some,
      "platform.shared",
      false,
      "leaves platform.teams nothing to be on",
    );
    checkTeams(stack, teams ?? {}, problems.at("platform", "teams"));
    return;
  }
  problems.unless(
    other.split("/").slice(1).join("/") !== `${stack.project}/${stack.stack}`,
    "platform.stack",
    other,
    "is this stack itself: leave it out",
  );
  for (const path of OF_PLATFORM) {
    const given = valueAt(own, path) !== undefined;
    problems.unless(!given, path.join("."), undefined, `belongs to ${other}, whose platform it is`);
  }
}
