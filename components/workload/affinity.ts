import type { types } from "@pulumi/kubernetes";
import { type Input, Output } from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { checkLabels } from "../base/metadata.ts";
import { dnsLabel, labelKey, labelValue, objectName, oneOf, rule, whole } from "../base/rules/index.ts";

type NodeTerm = types.input.core.v1.NodeSelectorTerm;
type PodTerm = types.input.core.v1.PodAffinityTerm;
type LabelSelector = types.input.meta.v1.LabelSelector;

/** A requirement on a label, or on a field of a node. */
interface Requirement {
  readonly key: Input<string>;
  readonly operator: Input<string>;
  readonly values?: Input<Input<string>[] | undefined> | undefined;
}

/** A value, unless only `up` will know it. */
const known = <T>(value: Input<T | undefined> | undefined): T | undefined =>
  Output.isInstance(value) || value instanceof Promise ? undefined : value;

/** The entries of a list that are known, with their places. */
const entries = <T>(list: Input<Input<T>[] | undefined> | undefined): [number, T][] =>
  (known(list) ?? []).flatMap((entry, index) => {
    const value = known<T>(entry);
    return value === undefined ? [] : [[index, value] as [number, T]];
  });

const weight = rule<number>("must be from 1 to 100", whole(1, 100).test);

/**
 * Records what the API server refuses of a pod's affinity.
 * Source: `validateAffinity` of {@link https://github.com/kubernetes/kubernetes/blob/v1.36.4/pkg/apis/core/validation/validation.go}.
 */
export function checkAffinity(affinity: types.input.core.v1.Affinity, problems: Problems): void {
  const nodes = known(affinity.nodeAffinity);
  const required = known(nodes?.requiredDuringSchedulingIgnoredDuringExecution);
  if (required !== undefined) {
    const own = problems.at("nodeAffinity", REQUIRED, "nodeSelectorTerms");
    const terms = entries(required.nodeSelectorTerms);
    own.unless(terms.length > 0, "", undefined, "must hold at least one term");
    for (const [index, term] of terms) checkNodeTerm(term, own.at(index), { values: labelValue });
  }
  for (const [index, term] of entries(nodes?.preferredDuringSchedulingIgnoredDuringExecution)) {
    const own = problems.at("nodeAffinity", PREFERRED, index);
    own.check("weight", term.weight, weight);
    checkNodeTerm(known(term.preference) ?? {}, own.at("preference"), {});
  }
  for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
    const pods = known(affinity[kind] as Input<types.input.core.v1.PodAffinity | undefined>);
    for (const [index, term] of entries(pods?.[REQUIRED]))
      checkPodTerm(term, problems.at(kind, REQUIRED, index));
    for (const [index, term] of entries(pods?.[PREFERRED])) {
      const own = problems.at(kind, PREFERRED, index);
      own.check("weight", term.weight, weight);
      const inner = known(term.podAffinityTerm);
      if (inner !== undefined) checkPodTerm(inner, own.at("podAffinityTerm"));
    }
  }
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** @param of rule of the values; what is only preferred may name labels that no node can have */
function checkNodeTerm(term: NodeTerm, problems: Problems, of: { values?: typeof labelValue }): void {
  for (const [index, requirement] of entries(term.matchExpressions)) {
    const own = problems.at("matchExpressions", index);
    own.check("key", requirement.key, labelKey);
    checkRequirement(requirement, ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"], own);
    if (of.values) own.checkEach("values", known(requirement.values), of.values);
  }
  for (const [index, requirement] of entries(term.matchFields)) {
    const own = problems.at("matchFields", index);
    own.check("key", requirement.key, oneOf(["metadata.name"]));
    checkRequirement(requirement, ["In", "NotIn"], own);
    const values = known(requirement.values);
    own.unless((values?.length ?? 1) === 1, "values", values, "must hold one name");
    own.checkEach("values", values, objectName);
  }
}

function checkRequirement(given: Requirement, operators: readonly string[], problems: Problems): void {
  const operator = known(given.operator);
  problems.check("operator", operator, oneOf(operators));
  if (operator === undefined || !operators.includes(operator)) return;
  const { length } = known(given.values) ?? [];
  if (operator.endsWith("In"))
    problems.unless(length > 0, "values", undefined, `is required with ${operator}`);
  else if (/^[GL]t$/.test(operator))
    problems.unless(length === 1, "values", known(given.values), `must hold one number with ${operator}`);
  else problems.unless(length === 0, "values", known(given.values), `must be left out with ${operator}`);
}

function checkPodTerm(term: PodTerm, problems: Problems): void {
  problems.check("topologyKey", term.topologyKey, labelKey);
  problems.checkEach("namespaces", known(term.namespaces), dnsLabel);
  const selector = known(term.labelSelector);
  for (const [key, value] of [
    ["labelSelector", selector],
    ["namespaceSelector", known(term.namespaceSelector)],
  ] as const) {
    if (value !== undefined) checkSelector(value, problems.at(key));
  }
  const mismatched = entries(term.mismatchLabelKeys).map(([, key]) => key);
  const selected = selectedKeys(selector);
  for (const field of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = known(term[field]);
    problems.checkEach(field, keys, labelKey);
    const some = keys === undefined || keys.length === 0 || term.labelSelector !== undefined;
    problems.unless(some, field, keys, "needs labelSelector");
  }
  for (const [index, key] of entries(term.matchLabelKeys)) {
    problems.unless(
      !mismatched.includes(key),
      `matchLabelKeys[${index}]`,
      key,
      "is in mismatchLabelKeys, too",
    );
    problems.unless(!selected.includes(key), `matchLabelKeys[${index}]`, key, "is in labelSelector, too");
  }
}

const selectedKeys = (selector: LabelSelector | undefined): string[] => [
  ...Object.keys(known(selector?.matchLabels) ?? {}),
  ...entries(selector?.matchExpressions).flatMap(([, { key }]) => known(key) ?? []),
];

function checkSelector(selector: LabelSelector, problems: Problems): void {
  const labels = Object.entries(known(selector.matchLabels) ?? {}).flatMap(([key, value]) => {
    const text = known(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  checkLabels(Object.fromEntries(labels), problems.at("matchLabels"));
  for (const [index, requirement] of entries(selector.matchExpressions)) {
    const own = problems.at("matchExpressions", index);
    own.check("key", requirement.key, labelKey);
    checkRequirement(requirement, ["In", "NotIn", "Exists", "DoesNotExist"], own);
    own.checkEach("values", known(requirement.values), labelValue);
  }
}
