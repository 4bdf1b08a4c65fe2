import { dnsName, type Rule, rule } from "../../components/base/rules/index.ts";

/** What the texts may be that only a stack file says, by the name that `@format` gives the rule. */
export const formats: Readonly<Record<string, Rule<string>>> = {
  date: rule(
    "must be a date, as in 2027-01-31",
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  ),
  domain: rule("must be a domain in lower case, as in dev.example.org", dnsName.test),
  registry: rule("must be host[:port][/prefix], without a scheme", (text) =>
    /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9._-]+)*$/.test(text),
  ),
};
