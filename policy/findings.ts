import { rules, type Level, type Stack } from "./rules/index.ts";
import { readSettings, type Settings } from "./settings.ts";
import { describeRef, type KubernetesObject, refOf } from "../kubernetes/object.ts";

/** An object that breaks a rule. */
export interface Finding {
  /** Name of the rule: `pod-security`. */
  readonly rule: string;
  readonly level: Level;
  /** `Deployment api/web`. */
  readonly object: string;
  /** What must be otherwise, as a sentence: `container web must set …`. */
  readonly message: string;
}

/**
 * Which objects break which rules, those first that must be mended, and otherwise in the order of the rules and of the objects.
 *
 * @param settings of the rules. Default: every rule as it is by itself
 * @param stack that the objects belong to. Default: none, and no rule about names of stacks
 */
export function findings(
  objects: readonly KubernetesObject[],
  { settings = readSettings({}), stack }: { readonly settings?: Settings; readonly stack?: Stack } = {},
): readonly Finding[] {
  const found = rules.flatMap((rule) => {
    const { level = rule.level, values = {} } = settings[rule.name] ?? {};
    if (level === "disabled") return [];
    const broken =
      rule.scope === "set"
        ? rule.check(objects, values, stack)
        : objects.flatMap((object) =>
            rule.check(object, values, stack).map((message) => [object, message] as const),
          );
    return broken.map(([object, message]) => ({
      rule: rule.name,
      level,
      object: describeRef(refOf(object)),
      message,
    }));
  });
  return [
    ...found.filter(({ level }) => level === "mandatory"),
    ...found.filter(({ level }) => level === "advisory"),
  ];
}
