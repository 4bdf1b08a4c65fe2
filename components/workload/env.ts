import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Problems } from "../base/errors.ts";
import { nameOf } from "../base/named.ts";
import type { SourceRef } from "./config-source.ts";

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
export function envVars(env: Env, key: string, problems: Problems): types.input.core.v1.EnvVar[] {
  return Object.entries(env).map(([name, value]) => {
    problems.unless(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name), `${key}.${name}`, undefined, ENV_NAME);
    if (!isEnvSource(value)) {
      return { name, value: typeof value === "number" || typeof value === "boolean" ? String(value) : value };
    }
    const given = Object.values(value).filter((source) => source !== undefined);
    problems.unless(given.length === 1, `${key}.${name}`, Object.keys(value), ENV_SOURCE);
    return { name, valueFrom: valueFrom(value) };
  });
}

const ENV_NAME = "must be a variable name: letters, digits, -, _ and ., not beginning with a digit";
const ENV_SOURCE = "must have exactly one of secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef";

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
