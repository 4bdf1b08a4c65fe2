import { listAt, mapAt, textAt, valueAt, type Value, type ValueMap } from "../preview/values.ts";
import { specOf, type StackObject } from "./object.ts";

/** Kinds whose pods run until they are told otherwise. */
export const SERVING = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]);

/** The pod template of a workload, or of a Job that a CronJob makes; `undefined` where there is none. */
export function templateOf(object: StackObject): ValueMap | undefined {
  const spec = specOf(object);
  if (object.kind === "Pod") return object.body;
  const template = valueAt(object.kind === "CronJob" ? mapAt(spec, "jobTemplate", "spec") : spec, "template");
  return typeof template === "object" && template !== null ? (template as ValueMap) : undefined;
}

/** Every container of a pod template, those that run before the others included. */
export const containersOf = (template: ValueMap | undefined): readonly Value[] => [
  ...listAt(template, "spec", "initContainers"),
  ...listAt(template, "spec", "containers"),
];

/** Labels of a workload's pods. */
export const podLabels = (object: StackObject): ValueMap => mapAt(templateOf(object), "metadata", "labels");

/** Names of objects of one kind that a pod template reads. */
export interface References {
  readonly ConfigMap: ReadonlySet<string>;
  readonly Secret: ReadonlySet<string>;
  readonly PersistentVolumeClaim: ReadonlySet<string>;
}

/** What of it a pod reads once, when it starts, and what is kept up to date in its files. */
export interface TemplateReferences {
  /** As environment variables. */
  readonly environment: References;
  /** As files. */
  readonly volumes: References;
}

const references = () => ({
  ConfigMap: new Set<string>(),
  Secret: new Set<string>(),
  PersistentVolumeClaim: new Set<string>(),
});

/** The ConfigMaps, Secrets and claims that a pod template names. */
export function referencesOf(template: ValueMap | undefined): TemplateReferences {
  const environment = references();
  const volumes = references();
  const add = (set: Set<string>, value: Value | undefined, ...path: readonly string[]): void => {
    const name = textAt(value, ...path);
    if (name !== undefined) set.add(name);
  };
  for (const container of containersOf(template)) {
    for (const variable of listAt(container, "env")) {
      add(environment.ConfigMap, variable, "valueFrom", "configMapKeyRef", "name");
      add(environment.Secret, variable, "valueFrom", "secretKeyRef", "name");
    }
    for (const source of listAt(container, "envFrom")) {
      add(environment.ConfigMap, source, "configMapRef", "name");
      add(environment.Secret, source, "secretRef", "name");
    }
  }
  for (const volume of listAt(template, "spec", "volumes")) {
    add(volumes.ConfigMap, volume, "configMap", "name");
    add(volumes.Secret, volume, "secret", "secretName");
    add(volumes.PersistentVolumeClaim, volume, "persistentVolumeClaim", "claimName");
    for (const source of listAt(volume, "projected", "sources")) {
      add(volumes.ConfigMap, source, "configMap", "name");
      add(volumes.Secret, source, "secret", "name");
    }
  }
  return { environment, volumes };
}
