import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

const cache = mkdtempSync(join(tmpdir(), "cache-"));
let archives: typeof import("../../../lab/images/archives.ts");

beforeAll(async () => {
  vi.stubEnv("XDG_CACHE_HOME", cache);
  archives = await import("../../../lab/images/archives.ts");
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

async function keep(reference: string, ageInDays = 0): Promise<void> {
  await archives.keepArchive(reference, (file) => {
    writeFileSync(file, reference);
    const time = new Date(Date.now() - ageInDays * 86_400_000);
    utimesSync(file, time, time);
    return Promise.resolve();
  });
}

test("three archives of an image are kept, those used last", async () => {
  await keep("slipway-web:a", 9);
  await keep("slipway-web:b", 8);
  await keep("slipway-web:c", 7);
  await keep("slipway-website:a", 30);
  expect(await archives.useArchive("slipway-web:a")).toBe(true);
  await keep("slipway-web:d");
  const left = ["a", "b", "c", "d"].filter((tag) => existsSync(archives.archiveOf(`slipway-web:${tag}`)));
  expect(left).toEqual(["a", "c", "d"]);
  expect(await archives.useArchive("slipway-web:b")).toBe(false);
  expect(await archives.useArchive("slipway-website:a")).toBe(true);
});

test("an archive that could not be written is not there", async () => {
  await expect(
    archives.keepArchive("slipway-half:a", (file) => {
      writeFileSync(file, "half");
      return Promise.reject(new Error("disk full"));
    }),
  ).rejects.toThrow("disk full");
  expect(await archives.useArchive("slipway-half:a")).toBe(false);
});

test("names with a registry and a port make one file name", () => {
  expect(archives.archiveOf("r.example:5000/lab/slipway-web:a")).toBe(
    join(cache, "slipway/images/r.example:5000_lab_slipway-web@a.tar"),
  );
});
