import * as pulumi from "@pulumi/pulumi";
import { expect, it, vi } from "vitest";

it("keeps the SDK's debug messages from the engine, and no others", async () => {
  const { debug, info, warn, error } = pulumi.log;
  try {
    vi.resetModules();
    await import("../../../program/debug-messages.ts");
    expect(pulumi.log.debug).not.toBe(debug);
    await expect(pulumi.log.debug("quiet")).resolves.toBeUndefined();
    expect(pulumi.log).toMatchObject({ info, warn, error });
  } finally {
    Object.assign(pulumi.log, { debug });
  }
});
