import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";

import { ensurePackages } from "../../base/packages.ts";
import { logFile, stateDir } from "../../base/paths.ts";
import { debianPackages } from "../../base/programs.ts";
import type { Log } from "../../base/progress.ts";
import { capture } from "../../base/run.ts";
import { lab } from "../addresses.ts";
import { makeControlGroups } from "../cgroups.ts";
import { findDaemon, quote, startDaemon, type Daemon } from "../daemon.ts";
import { node } from "../layout.ts";
import { insideNode } from "../node.ts";
import { waitFor } from "../wait.ts";

/** A registry that asks for a password, for pulls too. */
export interface Registry {
  /** `host:port`, the first part of an image's name; from the machine, from pods and for the node. Plain http. */
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

const address = `${lab.nodeAddress}:5000`;

const files = {
  directory: stateDir("node", "registry"),
  config: stateDir("node", "registry", "config.json"),
  passwords: stateDir("node", "registry", "htpasswd"),
  credentials: stateDir("node", "registry", "credentials.json"),
};

const daemon: Daemon = { name: "registry", commandLine: ["docker-registry", "serve", files.config] };

/** Starts a private registry in the lab; it keeps its images and its password until the cluster is removed. */
export async function startRegistry(log: Log): Promise<Registry> {
  await ensurePackages(debianPackages.registry, log);
  const registry = existsSync(files.credentials) ? await readRegistry() : await makeRegistry();
  if (findDaemon(daemon) === undefined) {
    const words = [...insideNode(node), ...daemon.commandLine];
    const alive = startDaemon(daemon, `exec nsenter ${words.map(quote).join(" ")}`, makeControlGroups(node));
    await waitFor(answers, {
      what: `the registry answers at http://${address}`,
      deadline: 30,
      alive,
      advice: `Its log: ${logFile("registry")}`,
    });
  }
  return registry;
}

/** Starts the registry again that the cluster had before the machine's restart, if it had one. */
export async function resumeRegistry(log: Log): Promise<void> {
  if (existsSync(files.credentials)) await startRegistry(log);
}

/** Address and password of the registry that was started. */
export async function readRegistry(): Promise<Registry> {
  return JSON.parse(await readFile(files.credentials, "utf8")) as Registry;
}

async function makeRegistry(): Promise<Registry> {
  const registry = { address, username: "lab", password: randomBytes(18).toString("base64url") };
  await mkdir(files.directory, { recursive: true, mode: 0o700 });
  const hash = await capture("mkpasswd", ["--method=bcrypt", "--rounds=5", "--stdin"], {
    input: registry.password,
  });
  await writeFile(files.passwords, `${registry.username}:${hash}\n`, { mode: 0o600 });
  await writeFile(files.config, JSON.stringify(registryConfig(), null, 2));
  const hosts = join(node.registries, address);
  await mkdir(hosts, { recursive: true });
  await writeFile(join(hosts, "hosts.toml"), hostsToml(address));
  // Last: where there are credentials, the rest is there.
  await writeFile(files.credentials, JSON.stringify(registry), { mode: 0o600 });
  return registry;
}

/** The registry's configuration; JSON is YAML. */
export function registryConfig(): object {
  return {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(files.directory, "images") }, delete: { enabled: true } },
    http: { addr: address },
    auth: { htpasswd: { realm: lab.name, path: files.passwords } },
  };
}

/** Tells containerd to speak plain http to a registry. */
export function hostsToml(registry: string): string {
  return `server = "http://${registry}"

[host."http://${registry}"]
capabilities = ["pull", "resolve"]
`;
}

/** Whether the registry asks for the password. */
async function answers(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const call = request(`http://${address}/v2/`, { timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 401);
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 2 s")));
    call.on("error", reject);
    call.end();
  });
}
