import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Client, NODE_PORTS, ROOT, waitFor } from "../harness/index.ts";

const NAME = "e2e-cli";

let clone: string;

/** What someone types, in a clone. */
const pulumi = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)("pulumi", [...args, "--non-interactive"], {
    cwd: clone,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
};

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), `slipway-${NAME}-`));
  const own = (path: string) => !["node_modules", ".git"].includes(basename(path));
  await cp(ROOT, clone, { recursive: true, filter: own });
  await symlink(join(ROOT, "node_modules"), join(clone, "node_modules"));
  await writeFile(join(clone, `Pulumi.${NAME}.yaml`), "config: {}\n");
  await pulumi("stack", "select", "--create", NAME);
  // A killed run's.
  await pulumi("destroy", "--yes", "--skip-preview", "--stack", NAME);
});

afterAll(async () => {
  await pulumi("destroy", "--yes", "--skip-preview", "--remove", "--stack", NAME);
  await rm(clone, { recursive: true });
});

it("deploys by pulumi up, typed in a clone, from settings made by pulumi config set", async () => {
  const set = (path: string, value: string | number) =>
    pulumi("config", "set", "--path", path, String(value));
  await set("traefik.service.type", "NodePort");
  await set("traefik.web.nodePort", NODE_PORTS[NAME].http);
  await set("traefik.websecure.nodePort", NODE_PORTS[NAME].https);
  await set("apps.hello.image", "fastapi");
  await pulumi("up", "--yes", "--stack", NAME);

  const output = async <T>(name: string): Promise<T> =>
    JSON.parse(await pulumi("stack", "output", name, "--json", "--stack", NAME)) as T;
  const { hello } = await output<{ hello: string }>("urls");
  const { address } = await output<{ address: string }>("endpoint");
  const client = new Client({ address, ca: await output<string>("caCertificate") });
  const seen = await waitFor(() => client.json<{ title: string }>(`${hello}/whoami`), { message: hello });
  expect(seen).toHaveProperty("pod");
  await client.close();
  expect(await pulumi("stack", "output", "readme", "--stack", NAME)).toContain(hello);
});

it("previews empty afterwards", async () => {
  await expect(pulumi("preview", "--expect-no-changes", "--stack", NAME)).resolves.toContain("unchanged");
});
