import type { z } from "zod";
import type { KubernetesObject } from "../../kubernetes/object.ts";

/** What happens to an object that breaks a rule: it is told, or nothing goes on until it is mended. */
export type Level = "advisory" | "mandatory";

/** Whose objects are looked at; absent where they belong to no stack. */
export interface Stack {
  readonly project: string;
  readonly stack: string;
}

interface Common<Schema extends z.ZodObject> {
  /** `pod-security`. */
  readonly name: string;
  /** What every object does that keeps the rule, as a sentence. */
  readonly description: string;
  /** What happens where a stack's settings say nothing else. */
  readonly level: Level;
  /** What a stack may set; every key has a default. */
  readonly settings: Schema;
}

/** A rule that each object keeps or breaks by itself: known before the object is made. */
export interface ObjectRule<Schema extends z.ZodObject = z.ZodObject> extends Common<Schema> {
  readonly scope: "object";
  /** What is wrong with the object, a sentence each; nothing if it keeps the rule. */
  readonly check: (object: KubernetesObject, settings: z.output<Schema>, stack?: Stack) => readonly string[];
}

/** A rule about how objects go together: known when all of them are. */
export interface SetRule<Schema extends z.ZodObject = z.ZodObject> extends Common<Schema> {
  readonly scope: "set";
  readonly check: (
    objects: readonly KubernetesObject[],
    settings: z.output<Schema>,
    stack?: Stack,
  ) => readonly (readonly [object: KubernetesObject, message: string])[];
}

export type Rule = ObjectRule | SetRule;

/** Keeps the settings' type inside of a rule; outside, all rules are alike. */
export const objectRule = <Schema extends z.ZodObject>(rule: Omit<ObjectRule<Schema>, "scope">): ObjectRule =>
  ({ scope: "object", ...rule }) as unknown as ObjectRule;

export const setRule = <Schema extends z.ZodObject>(rule: Omit<SetRule<Schema>, "scope">): SetRule =>
  ({ scope: "set", ...rule }) as unknown as SetRule;
