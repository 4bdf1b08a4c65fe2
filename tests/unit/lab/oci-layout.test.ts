import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { digestIn, goArchitecture, writeOciLayout } from "../../../lab/cluster/oci-layout.ts";

interface Descriptor {
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

describe("OCI image layout", () => {
  let work: string;

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "oci-"));
    vi.stubEnv("XDG_STATE_HOME", join(work, "state"));
    mkdirSync(join(work, "root"));
    writeFileSync(join(work, "root", "hello"), "hello\n");
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(work, { recursive: true });
  });

  const write = async (name: string) => {
    const layout = join(work, name);
    await writeOciLayout(layout, [
      { names: ["localhost/a:1", "localhost/b:1"], root: join(work, "root"), entrypoint: ["/hello", "-P"] },
    ]);
    const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as { manifests: Descriptor[] };
    return { layout, index };
  };

  const blob = (layout: string, { digest, size }: Descriptor) => {
    const bytes = readFileSync(join(layout, "blobs", ...digest.split(":")));
    expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`).toBe(digest);
    expect(bytes.length).toBe(size);
    return bytes;
  };

  it("holds what it describes, and one image under each of its names", async () => {
    const { layout, index } = await write("one");
    const names = index.manifests.map(({ annotations }) => annotations?.["io.containerd.image.name"]);
    expect(names).toEqual(["localhost/a:1", "localhost/b:1"]);
    const [first, second] = index.manifests;
    expect(first?.digest).toBe(second?.digest);
    if (first === undefined) throw new Error("no manifest");
    const manifest = JSON.parse(blob(layout, first).toString()) as {
      config: Descriptor;
      layers: Descriptor[];
    };
    const config = JSON.parse(blob(layout, manifest.config).toString()) as {
      architecture: string;
      config: object;
      rootfs: { diff_ids: string[] };
    };
    expect(config.architecture).toBe(goArchitecture(process.arch));
    expect(config.config).toMatchObject({ Entrypoint: ["/hello", "-P"] });
    expect(config.rootfs.diff_ids).toEqual(manifest.layers.map(({ digest }) => digest));
    const [layer] = manifest.layers;
    if (layer === undefined) throw new Error("no layer");
    expect(blob(layout, layer).toString()).toContain("hello\n");
  });

  it("tells an image's digest by its name", async () => {
    const { layout, index } = await write("four");
    expect(await digestIn(layout, "localhost/b:1")).toBe(index.manifests[1]?.digest);
    expect(await digestIn(layout, "localhost/c:1")).toBeUndefined();
  });

  it("is the same for the same files, whenever they were written", async () => {
    const first = await write("two");
    utimesSync(join(work, "root", "hello"), 1, 1);
    const second = await write("three");
    expect(second.index).toEqual(first.index);
  });
});

it("names processor architectures as Go does", () => {
  expect(["x64", "arm64", "ia32"].map(goArchitecture)).toEqual(["amd64", "arm64", "386"]);
});
