import { createRequire } from "node:module";
import { join } from "node:path";

import type * as Grpc from "@grpc/grpc-js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type * as LanguageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Empty from "google-protobuf/google/protobuf/empty_pb.js";

/**
 * Pulumi's protocol, as the program's own SDK has it.
 *
 * The host is shared between clones and has no dependencies: every program that it can run comes with the SDK, and the SDK with
 * gRPC and the generated messages.
 */
export interface Sdk {
  readonly grpc: typeof Grpc;
  readonly language: typeof Language;
  readonly service: typeof LanguageService;
  readonly plugin: typeof Plugin;
  readonly empty: typeof Empty;
  readonly version: string;
}

/** Loads the SDK as a program in this directory would find it. */
export function loadSdk(directory: string): Sdk {
  const fromSdk = createRequire(sdkManifest(directory));
  const manifest = fromSdk("./package.json") as { version: string };
  return {
    grpc: fromSdk("@grpc/grpc-js") as typeof Grpc,
    language: fromSdk("./proto/language_pb.js") as typeof Language,
    service: fromSdk("./proto/language_grpc_pb.js") as typeof LanguageService,
    plugin: fromSdk("./proto/plugin_pb.js") as typeof Plugin,
    empty: fromSdk("google-protobuf/google/protobuf/empty_pb.js") as typeof Empty,
    version: manifest.version,
  };
}

/** The module that starts a program, or a plugin: `run-policy-pack`, `run-plugin`. */
export function runnerPath(directory: string, runner = "run"): string {
  return createRequire(sdkManifest(directory)).resolve(`./cmd/${runner}`);
}

function sdkManifest(directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/package.json");
  } catch {
    throw new Error(
      `@pulumi/pulumi is not installed for the program in ${directory}: run npm ci there first`,
    );
  }
}
