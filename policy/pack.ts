import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";

import type { ObjectRule, Rule, SetRule, Stack } from "./rules/index.ts";
import { describeRef, type KubernetesObject, refOf } from "../kubernetes/object.ts";

/** What Pulumi's own library hands over: `props` raises an error where a value is not known before `up`. */
type Resource = Pick<ResourceValidationArgs | PolicyResource, "type" | "props" | "urn">;

/** A rule in the form that Pulumi's engine asks it in: each object before it is made, or all of them at the end. */
export const policyOf = (rule: Rule): ResourceValidationPolicy | StackValidationPolicy =>
  rule.scope === "object" ? resourcePolicy(rule) : stackPolicy(rule);

const common = ({ name, description, level, settings }: Rule) => ({
  name,
  description,
  enforcementLevel: level,
  configSchema: configSchema(settings),
});

const resourcePolicy = (rule: ObjectRule): ResourceValidationPolicy => ({
  ...common(rule),
  validateResource: (args, report) => {
    const object = objectOf(args);
    if (object === undefined) return;
    const settings = rule.settings.parse(args.getConfig());
    for (const message of rule.check(object, settings, stackOf(args.urn))) {
      report(`${describeRef(refOf(object))}: ${message}`);
    }
  },
});

const stackPolicy = (rule: SetRule): StackValidationPolicy => ({
  ...common(rule),
  validateStack: (args, report) => {
    const urns = new Map<KubernetesObject, string>();
    for (const resource of args.resources) {
      const object = objectOf({ ...resource, props: known(resource.props) as Record<string, unknown> });
      if (object !== undefined) urns.set(object, resource.urn);
    }
    const [urn] = urns.values();
    const settings = rule.settings.parse(args.getConfig());
    for (const [object, message] of rule.check([...urns.keys()], settings, stackOf(urn ?? ""))) {
      report(`${describeRef(refOf(object))}: ${message}`, urns.get(object));
    }
  },
});

/** The Kubernetes object that a resource is; a chart and a patch of somebody else's object are none. */
function objectOf({ type, props }: Resource): KubernetesObject | undefined {
  if (!type.startsWith("kubernetes:") || /(Patch|List)$/.test(type)) return undefined;
  const { kind, metadata } = props as Partial<KubernetesObject>;
  return typeof kind === "string" && metadata != null ? (props as unknown as KubernetesObject) : undefined;
}

/** `urn:pulumi:<stack>::<project>::…`. */
function stackOf(urn: string): Stack {
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(urn) ?? [];
  return { project, stack };
}

/** What is known of a value before `up`: a rule about all objects still has much to say. */
function known(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.keys(value).flatMap((key) => {
    try {
      return [[key, known((value as Record<string, unknown>)[key])] as const];
    } catch {
      return [];
    }
  });
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}

/** Pulumi's own library has a type for JSON schemas that is narrower than JSON schemas are. */
function configSchema(settings: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(settings, { io: "input" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}
