import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Page } from "playwright-core";

import { debianPackages } from "../../../lab/base/programs.ts";

/** Sizes that pages are looked at in, CSS pixels. */
const VIEWPORTS = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
} as const;

export type Viewport = keyof typeof VIEWPORTS;

/** Nothing that talks to the network by itself, and nothing that a container lacks. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a page in Chromium with a fresh profile, every host below `.test` leading to one address, and closes it after the visit. The
 * browser has no way to be given one more authority for one run: that certificates verify is asserted by the client.
 */
export async function browse<T>(
  address: string,
  viewport: Viewport,
  visit: (page: Page) => Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "slipway-browser-"));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: debianPackages.browser.chromium.file,
      args: [...FLAGS, `--host-resolver-rules=MAP *.test ${address}`],
      viewport: VIEWPORTS[viewport],
      ignoreHTTPSErrors: true,
    });
    try {
      return await visit(await context.newPage());
    } finally {
      await context.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
