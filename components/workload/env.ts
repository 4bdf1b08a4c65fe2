import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { nameOf } from "../base/named.ts";
import type { SourceRef } from "./config-source.ts";
import { annotationKey, dataKey, labelKey, objectName, rule, variableName } from "../base/rules/index.ts";

/** A key of a ConfigMap or Secret. */
export interface KeyRef {
  /** The ConfigMap or Secret, or its name. */
  readonly name: SourceRef;
  /** Key in it. */
  readonly key: string;
  /**
   * Whether the container starts without it.
   * @default false
   */
  readonly optional?: boolean | undefined;
}

/** Where the value of an environment variable comes from: exactly one of these. */
export interface EnvSource {
  /** Key of a Secret. */
  readonly secretKeyRef?: KeyRef | undefined;
  /** Key of a ConfigMap. */
  readonly configMapKeyRef?: KeyRef | undefined;
  /** Field of the pod: `metadata.name`, `status.podIP`. */
  readonly fieldRef?: string | undefined;
  /** Request or limit of the container itself: `limits.memory`. */
  readonly resourceFieldRef?: string | undefined;
}

/** Value of an environment variable. Secrets belong in a Secret, `secretKeyRef`: a plain value can be read in the pod. */
export type EnvValue = pulumi.Input<string> | number | boolean | EnvSource;

/** Environment variables by name; `$(NAME)` in a value stands for one named before. */
export type Env = Readonly<Record<string, EnvValue>>;

const isEnvSource = (value: EnvValue): value is EnvSource =>
  typeof value === "object" && !pulumi.Output.isInstance(value) && !(value instanceof Promise);

/** ConfigMaps and Secrets that an environment reads. */
export const envRefs = (env: Env = {}): SourceRef[] =>
  Object.values(env)
    .filter(isEnvSource)
    .flatMap(({ secretKeyRef, configMapKeyRef }) => [secretKeyRef, configMapKeyRef])
    .flatMap((ref) => (ref === undefined ? [] : [ref.name]));

/** The `env` of a container, in the order given. */
export const envVars = (env: Env): types.input.core.v1.EnvVar[] =>
  Object.entries(env).map(([name, value]) =>
    isEnvSource(value)
      ? { name, valueFrom: valueFrom(value) }
      : { name, value: typeof value === "number" || typeof value === "boolean" ? String(value) : value },
  );

/**
 * References are set as a whole by server-side apply. So they hold the API server's defaults as well: without them, what is
 * there differs from what was applied, and a run under another name, such as the one after a run that was killed, conflicts.
 */
function valueFrom(source: EnvSource): types.input.core.v1.EnvVarSource {
  const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = source;
  if (secretKeyRef) return { secretKeyRef: keySelector(secretKeyRef) };
  if (configMapKeyRef) return { configMapKeyRef: keySelector(configMapKeyRef) };
  if (fieldRef !== undefined) return { fieldRef: { apiVersion: "v1", fieldPath: fieldRef } };
  return { resourceFieldRef: { resource: resourceFieldRef ?? "", divisor: "0" } };
}

const keySelector = ({ name, key, optional }: KeyRef) => ({ name: nameOf(name), key, optional });

const FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** Source: {@link https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields}. */
const podField = rule<string>(
  `must be one of ${FIELDS.join(", ")}, metadata.labels['…'] or metadata.annotations['…']`,
  (text) => {
    const [, map, key = ""] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(text) ?? [];
    return FIELDS.includes(text) || (map === "labels" ? labelKey : annotationKey).test(key);
  },
);

/** Source: {@link https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef}. */
const resourceField = rule<string>(
  "must be limits. or requests. with cpu, memory, ephemeral-storage or hugepages-…",
  (text) => /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-\d+[KMGT]i)$/.test(text),
);

const SOURCES = ["secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef"] as const;

/** Records what is wrong with the variables of a container. */
export function checkEnv(env: Env, problems: Problems): void {
  for (const [name, value] of Object.entries(env)) {
    problems.checkName(name, variableName);
    if (isEnvSource(value)) checkSource(value, problems.at(name));
  }
}

function checkSource(source: EnvSource, problems: Problems): void {
  const given = SOURCES.filter((key) => source[key] !== undefined);
  problems.unless(
    given.length === 1,
    "",
    Object.keys(source),
    `must have exactly one of ${SOURCES.join(", ")}`,
  );
  if (given.length !== 1) return;
  for (const key of ["secretKeyRef", "configMapKeyRef"] as const) {
    const ref = source[key];
    if (ref === undefined) continue;
    problems.at(key).check("name", nameOf(ref.name), objectName);
    problems.at(key).check("key", ref.key, dataKey);
  }
  problems.check("fieldRef", source.fieldRef, podField);
  problems.check("resourceFieldRef", source.resourceFieldRef, resourceField);
}
