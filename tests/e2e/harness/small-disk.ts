import { execFile } from "node:child_process";
import { mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A disk of 64 MiB in memory, to be full. */
export class SmallDisk {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<SmallDisk> {
    const disk = new SmallDisk(await mkdtemp(join(tmpdir(), "slipway-disk-")));
    await promisify(execFile)("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.directory]);
    return disk;
  }

  get #filling(): string {
    return join(this.directory, "filling");
  }

  /** Leaves no room for a single byte more. */
  async fill(): Promise<void> {
    const file = await open(this.#filling, "w");
    try {
      for (;;) await file.write(Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.#filling, { force: true });
  }

  async remove(): Promise<void> {
    await promisify(execFile)("umount", [this.directory]);
    await rmdir(this.directory);
  }
}
