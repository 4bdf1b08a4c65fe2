import { dnsName, registryPrefix, type Rule, rule } from "../../components/base/rules/index.ts";

/** What the texts may be that only a stack file says, by the name that `@format` gives the rule. */
export const formats: Readonly<Record<string, Rule<string>>> = {
  expiry: rule("must be a date, as in 2027-01-31, or never", (text) => text === "never" || isDate(text)),
  stack: rule("must be a stack's full name, as in organization/slipway/platform", (text) =>
    /^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(text),
  ),
  domain: rule("must be a domain in lower case, as in dev.example.org", dnsName.test),
  registry: rule("must be host[:port][/prefix], without a scheme", registryPrefix.test),
};

/** A day that the calendar has. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
