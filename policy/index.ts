/** The policy pack: `pulumi preview --policy-pack policy`. */
import { PolicyPack } from "@pulumi/policy";

import { policyOf } from "./pack.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("slipway", { policies: rules.map(policyOf) });
