import {
  encodedSecrets,
  keptSecrets,
  namespaceSecurity,
  noDefaultClass,
  ownNamespaces,
  requiredLabels,
  scopedNames,
  stableSelectors,
} from "./objects.ts";
import {
  boundedResources,
  fixedImages,
  leastPrivilege,
  podSecurity,
  readinessProbes,
  readOnlyRoot,
} from "./pods.ts";
import { namedRights, neededTokens, readOnlyRights } from "./rights.ts";
import type { Rule } from "./rule.ts";

export type { Level, ObjectRule, Rule, SetRule, Stack } from "./rule.ts";

/** Every rule there is. */
export const rules: readonly Rule[] = [
  podSecurity,
  namespaceSecurity,
  leastPrivilege,
  readOnlyRoot,
  boundedResources,
  fixedImages,
  readinessProbes,
  keptSecrets,
  encodedSecrets,
  namedRights,
  readOnlyRights,
  neededTokens,
  noDefaultClass,
  scopedNames,
  ownNamespaces,
  requiredLabels,
  stableSelectors,
];
