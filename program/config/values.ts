import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import * as check from "../../components/base/checks.ts";

/** Gives a key its place in the reference: what it means, and what it is when left out. */
export function key<T extends z.ZodType>(
  schema: T,
  description: string,
  byDefault?: string,
): z.ZodOptional<T> {
  return schema.optional().meta({ description, ...(byDefault === undefined ? {} : { byDefault }) });
}

/** A key that must be there. */
export const required = <T extends z.ZodType>(schema: T, description: string): T =>
  schema.meta({ description });

const text = (test: (value: string) => boolean, allowed: string): z.ZodString =>
  z.string().refine(test, { error: allowed });
const number = (test: (value: number) => boolean, allowed: string): z.ZodNumber =>
  z.number().refine(test, { error: allowed });

export const filled = z.string().min(1);
export const dnsLabel = text(check.isDnsLabel, check.DNS_LABEL);
export const path = text(check.isPath, 'must begin with "/" and have no space, "?" or "#"');
export const cidr = text(check.isCidr, "must be a network in CIDR notation, as 10.0.0.0/8");
export const quantity = text(check.isQuantity, 'must be a quantity, as in "250m" or "64Mi"');
export const port = number(check.isPort, "must be from 1 to 65535");
export const nodePort = number(check.isNodePort, check.NODE_PORT);
export const count = number(
  (value) => Number.isInteger(value) && value >= 0,
  "must be a whole number from 0",
);
export const positive = number(
  (value) => Number.isInteger(value) && value >= 1,
  "must be a whole number from 1",
);
export const seconds = number(
  (value) => Number.isInteger(value) && value >= 0,
  "must be whole seconds, 0 or more",
);
export const strings = z.array(filled);
export const stringMap = z.record(z.string(), z.string());
/** A number of pods, or a percentage of them. */
export const share = z.union([
  count,
  text((value) => /^\d{1,3}%$/.test(value), 'must be a number or a percentage, as in "25%"'),
]);

/** Text that is never shown: an Output that Pulumi keeps secret. Set it by `pulumi config set --secret --path`. */
export const secret = filled
  .transform((value): pulumi.Output<string> => pulumi.secret(value))
  .meta({ secret: true });
