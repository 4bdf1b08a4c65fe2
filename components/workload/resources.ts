import type { Problems } from "../base/errors.ts";
import { canonicalQuantities } from "../base/quantity.ts";
import { amount, labelKey, quantity, rule } from "../base/rules/index.ts";

/** Amounts by resource: `{ cpu: "250m", memory: "64Mi" }`. */
export type Quantities = Readonly<Record<string, string>>;

/** What a container is promised, and what it may not exceed. */
export interface Resources {
  /**
   * What the scheduler sets aside for it.
   * @default `{ cpu: "50m", memory: "64Mi" }`, key by key
   */
  readonly requests?: Quantities | undefined;
  /**
   * More CPU is throttled, more memory is killed.
   * @default `{ cpu: "500m", memory: "256Mi" }`, key by key, or the request where that is more
   */
  readonly limits?: Quantities | undefined;
}

const REQUESTS: Quantities = { cpu: "50m", memory: "64Mi" };
const LIMITS: Quantities = { cpu: "500m", memory: "256Mi" };

/** Requests and limits of a container, with the defaults where nothing is given. */
export function resourceRequirements({ requests = {}, limits = {} }: Resources): {
  requests: Record<string, string>;
  limits: Record<string, string>;
} {
  const asked = { ...REQUESTS, ...requests };
  const allowed: Record<string, string> = { ...LIMITS, ...limits };
  for (const [name, request] of Object.entries(asked)) {
    const limit = allowed[name];
    if (limit === undefined || amount(request) <= amount(limit)) continue;
    if (limits[name] === undefined) allowed[name] = request;
    else asked[name] = limit;
  }
  return { requests: canonicalQuantities(asked), limits: canonicalQuantities(allowed) };
}

/** Resources that Kubernetes itself shares out. */
const NATIVE = /^(cpu|memory|ephemeral-storage|hugepages-\d+[KMGT]i)$/;

/** Those of which a container may use more than it asked for. Of all others it gets what it asks for, in whole numbers. */
const DIVISIBLE = ["cpu", "memory", "ephemeral-storage"];

/**
 * Name of a resource.
 * Source: {@link https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources}.
 */
export const resourceName = rule<string>(
  "must be cpu, memory, ephemeral-storage, hugepages-<size>, or a resource of a domain, as example.com/gpu",
  (text) => NATIVE.test(text) || (text.includes("/") && labelKey.test(text) && !text.startsWith("requests.")),
);

/** Records what is wrong with amounts of resources. */
export function checkQuantities(quantities: Quantities, problems: Problems): void {
  for (const [name, value] of Object.entries(quantities)) {
    problems.checkName(name, resourceName);
    problems.check(name, value, quantity);
    const whole = DIVISIBLE.includes(name) || Number.isInteger(amount(value));
    problems.unless(whole || !quantity.test(value), name, value, "must be a whole number");
  }
}

/** Records what is wrong with the requests and limits of a container. */
export function checkResources({ requests = {}, limits = {} }: Resources, problems: Problems): void {
  for (const [kind, quantities] of Object.entries({ requests, limits }))
    checkQuantities(quantities, problems.at(kind));
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && amount(request) > amount(limit)) {
      problems.add(`requests.${name}`, request, `must not exceed the limit, ${limit}`);
    } else if (
      resourceName.test(name) &&
      !DIVISIBLE.includes(name) &&
      (limit === undefined || amount(limit) !== amount(request))
    ) {
      problems.add(
        `requests.${name}`,
        request,
        "must be the limit, too: a container gets this resource whole",
      );
    }
  }
}
