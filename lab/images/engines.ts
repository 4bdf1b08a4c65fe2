import { LabError } from "../base/errors.ts";
import { capture, run } from "../base/run.ts";

/** A container engine of the user's: docker or podman. It builds the apps' Dockerfiles on their public base images. */
export interface Engine {
  readonly name: string;
  has(reference: string): Promise<boolean>;
  build(directory: string, reference: string): Promise<void>;
  push(reference: string): Promise<void>;
}

/** docker or podman, the first that works; undefined where neither does. */
export async function findEngine(): Promise<Engine | undefined> {
  for (const name of ["docker", "podman"]) {
    // A client without its daemon is of no use.
    if (await succeeds(name, ["info"])) return engine(name);
  }
  return undefined;
}

function engine(name: string): Engine {
  return {
    name,
    has: (reference) => succeeds(name, ["image", "inspect", reference]),
    build: (directory, reference) =>
      run(name, ["build", "--tag", reference, directory], { log: "images", show: true }),
    push: (reference) =>
      run(name, ["push", reference], {
        log: "images",
        show: true,
        advice: `If it asks for a login: ${name} login ${reference.split("/")[0] ?? ""}`,
      }),
  };
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await capture(command, args, { timeout: 20_000 });
    return true;
  } catch (error) {
    // By name: an interruption is a LabError too.
    if (error instanceof LabError && error.name === "LabError") return false;
    throw error;
  }
}
