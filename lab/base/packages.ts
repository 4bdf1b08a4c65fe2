import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";

import { LabError } from "./errors.ts";
import type { DebianPackages } from "./programs.ts";
import type { Log } from "./progress.ts";
import { capture, run } from "./run.ts";

/** Services that packages would start now or at the next boot; the lab runs its own and wants none of them. */
const services = ["containerd.service", "docker-registry.service"];

/** Where Debian's packages ask whether they may start a service: exit code 101 says no. */
const policyFile = "/usr/sbin/policy-rc.d";
const policy = "#!/bin/sh\n# Slipway's lab, while it installs packages.\nexit 101\n";

/** Installs what is missing of some Debian packages, without starting or enabling a service. */
export async function ensurePackages(wanted: DebianPackages, log: Log): Promise<void> {
  const missing = Object.entries(wanted)
    .filter(([, { file }]) => !existsSync(file))
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (!existsSync("/usr/bin/apt-get")) {
    throw new LabError(
      `missing programs: ${missing.join(", ")}`,
      "The lab installs them by apt-get on Debian and Ubuntu. Install these packages, or what they are called here.",
    );
  }
  log.expect(1);
  await log.task(`Debian packages: ${missing.join(", ")}`, () => install(missing));
}

async function install(packages: readonly string[]): Promise<void> {
  const before = await enabledServices();
  // Ours may be left from a run that was killed.
  const policyIsOurs = !existsSync(policyFile) || readFileSync(policyFile, "utf8") === policy;
  if (policyIsOurs) await writeFile(policyFile, policy, { mode: 0o755 });
  try {
    const options = {
      log: "packages",
      env: { DEBIAN_FRONTEND: "noninteractive" },
      advice: "Try it by hand: apt-get update && apt-get install " + packages.join(" "),
    };
    const lock = "-oDPkg::Lock::Timeout=300";
    await run("apt-get", ["update", "-qq", lock], options);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", lock, ...packages], options);
  } finally {
    if (policyIsOurs) await rm(policyFile, { force: true });
  }
  const enabled = (await enabledServices()).filter((service) => !before.includes(service));
  if (enabled.length > 0) await run("systemctl", ["--quiet", "disable", ...enabled], { log: "packages" });
}

async function enabledServices(): Promise<string[]> {
  if (!existsSync("/usr/bin/systemctl")) return [];
  const states = await Promise.all(
    services.map((service) => capture("systemctl", ["is-enabled", service]).catch(() => "")),
  );
  return services.filter((_, index) => states[index] === "enabled");
}
