import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

import { credentials, type Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";

import { toolchainLayout } from "../../../lab/toolchain/index.ts";

const { programs } = toolchainLayout();

/** Whether the lab's own language host is built: where Pulumi is installed, it is not. */
export const isBuilt = existsSync(join(programs, "pulumi-language-nodejs"));

/** A language host that runs, and what speaks to it. */
export interface Host {
  readonly process: ChildProcess;
  readonly client: LanguageRuntimeClient;
}

/** Nothing of the tests' own environment, which the SDK in them changes. */
const env = { PATH: [programs, process.env["PATH"]].join(delimiter) };

/** @param engine address of the engine that it serves */
export async function startHost(engine: string): Promise<Host> {
  const child = spawn("pulumi-language-nodejs", [engine], { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const [port] = (await once(lines, "line")) as [string];
  return {
    process: child,
    client: new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure()),
  };
}

/** Kills a language host. */
export function stop({ process, client }: Host): void {
  client.close();
  process.kill("SIGKILL");
}

/** Lets a server listen at a port that is free. */
export const listen = (server: Server): Promise<number> =>
  answer((done) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), done);
  });

/** A unary call as a promise. */
export function answer<T>(call: (done: (error: Error | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
