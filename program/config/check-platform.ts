import type { Problems } from "../../components/base/errors.ts";
import { labelValue } from "../../components/base/rules/index.ts";
import { platformName, type StackInfo } from "../../components/base/stack.ts";
import type { Values } from "../../components/base/values.ts";
import type { Settings } from "../settings/index.ts";
import { valueAt } from "./keys.ts";

/** Keys that say how a platform is made. */
const OF_PLATFORM = [["traefik"], ["endpoint"], ["tls", "enabled"], ["tls", "authority"]];

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
  const { stack: other, shared } = platform;
  if (other === undefined) {
    if (shared === true) problems.check("stack", platformName(stack), labelValue);
    return;
  }
  problems.unless(
    other.split("/").slice(1).join("/") !== `${stack.project}/${stack.stack}`,
    "platform.stack",
    other,
    "is this stack itself: leave it out",
  );
  problems.unless(shared !== true, "platform.shared", shared, `belongs to ${other}, whose platform it is`);
  for (const path of OF_PLATFORM) {
    const given = valueAt(own, path) !== undefined;
    problems.unless(!given, path.join("."), undefined, `belongs to ${other}, whose platform it is`);
  }
}
