/**
 * The policy pack: `pulumi preview --policy-pack policy`. It is JavaScript because Pulumi's SDK compiles the TypeScript that a pack begins
 * with by a compiler of its own, with other rules than Node.js has for all the rest.
 */
import { PolicyPack } from "@pulumi/policy";

import { policyOf } from "./pack.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("slipway", { policies: rules.map(policyOf) });
