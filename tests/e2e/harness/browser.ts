import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";

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
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

interface BrowserOptions {
  /** Origin, `host:port`, that is asked by HTTP/3 alone. @default none: no QUIC at all */
  readonly quic?: string | undefined;
}

/** By QUIC, Chromium takes no certificate of an authority that it did not come with, but for one that is named by its key. */
async function quicFlags(address: string, origin: string | undefined): Promise<readonly string[]> {
  if (origin === undefined) return ["--disable-quic"];
  const { hostname, port } = new URL(`https://${origin}`);
  const socket = connect({
    host: address,
    port: Number(port),
    servername: hostname,
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect");
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" }) ?? "";
  socket.destroy();
  const hash = createHash("sha256").update(key).digest("base64");
  return [
    "--enable-quic",
    `--origin-to-force-quic-on=${origin}`,
    `--ignore-certificate-errors-spki-list=${hash}`,
  ];
}

/**
 * Opens a page in Chromium with a fresh profile, every host below `.test` leading to one address, and closes it after the visit. The
 * browser has no way to be given one more authority for one run: that certificates verify is asserted by the client.
 */
export async function browse<T>(
  address: string,
  viewport: Viewport,
  visit: (page: Page) => Promise<T>,
  { quic }: BrowserOptions = {},
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "slipway-browser-"));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: debianPackages.browser.chromium.file,
      args: [...FLAGS, ...(await quicFlags(address, quic)), `--host-resolver-rules=MAP *.test ${address}`],
      viewport: VIEWPORTS[viewport],
      ignoreHTTPSErrors: quic === undefined,
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
