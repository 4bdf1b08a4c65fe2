import { Resource } from "@pulumi/pulumi";
import { expect, it } from "vitest";

import * as library from "../../../components/index.ts";

it("the library exports components, and nothing else but what users need beside them", () => {
  const isResource = (value: unknown): boolean =>
    typeof value === "function" && value.prototype instanceof Resource;
  const others = Object.entries(library).filter(([, value]) => !isResource(value));
  expect(others.map(([name]) => name).sort()).toEqual([
    "CHART_VERSION",
    "Exposure",
    "TRAEFIK_VERSION",
    "UserError",
    "serviceDns",
    "serviceVariables",
  ]);
});
