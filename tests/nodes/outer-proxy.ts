import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { imageTag } from "../../apps/images.ts";
import { Progress } from "../../lab/base/progress.ts";
import { lab } from "../../lab/cluster/addresses.ts";
import { archiveOf } from "../../lab/images/archives.ts";
import { buildImages } from "../../lab/images/index.ts";
import { NODES } from "./node.ts";

const directory = join(import.meta.dirname, "../e2e/stack/nginx-stream");
const reference = `slipway-nginx-stream:${imageTag(directory)}`;

/** A proxy outside of the cluster, in front of its nodes: nginx on this machine. */
export interface OuterProxy {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts nginx with the configuration that a stack's readme gives, and a `server` line for each node, as it says. It has this
 * machine's address on the lab's link: whatever else has port 80 or 443 here is left alone.
 */
export async function startOuterProxy(readme: string): Promise<OuterProxy> {
  const address = lab.hostAddress;
  const [, stream = ""] = /^```nginx\n(.*?)^```$/ms.exec(readme) ?? [];
  const configuration = stream
    .replace(/^( *server )\S+(:\d+;)$/gm, (_, server: string, port: string) =>
      NODES.map((node) => `${server}${node.address}${port}`).join("\n"),
    )
    .replaceAll("listen ", `listen ${address}:`);
  const root = await unpacked();
  const main = "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\npid /tmp/nginx.pid;\nevents {}\n";
  await mkdir(join(root, "etc/proxy"), { recursive: true });
  await writeFile(join(root, "etc/proxy/nginx.conf"), main + configuration);
  const words = ["nginx", "-e", "stderr", "-g", "daemon off; user root;", "-c", "/etc/proxy/nginx.conf"];
  const nginx = spawn("chroot", [root, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  return {
    address,
    async stop() {
      if (nginx.exitCode === null) {
        const ended = once(nginx, "exit");
        nginx.kill();
        await ended;
      }
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The image's files in a directory of their own. */
async function unpacked(): Promise<string> {
  await buildImages(new Progress(), [{ directory, reference }]);
  const work = await mkdtemp(join(tmpdir(), "slipway-nginx-"));
  await execa("tar", ["--extract", `--file=${archiveOf(reference)}`, `--directory=${work}`]);
  const [{ Layers: layers } = { Layers: [] }] = JSON.parse(
    await readFile(join(work, "manifest.json"), "utf8"),
  ) as { Layers: string[] }[];
  const root = join(work, "root");
  await mkdir(root);
  for (const layer of layers) {
    await execa("tar", ["--extract", `--file=${join(work, layer)}`, `--directory=${root}`]);
  }
  return root;
}
