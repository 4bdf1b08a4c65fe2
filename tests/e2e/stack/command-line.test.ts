import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";

import { Client, NODE_PORTS, ROOT, waitFor } from "../harness/index.ts";

const NAME = "e2e-cli";

let clone: string;

/** What someone types, in a clone. */
const pulumi = (...args: string[]): Promise<string> => pulumiWith({}, ...args);

/** The same with other settings, and with text for standard input. */
async function pulumiWith(
  { input = "", ...env }: Record<string, string>,
  ...args: string[]
): Promise<string> {
  const { stdout } = await execa("pulumi", [...args, "--non-interactive"], { cwd: clone, env, input });
  return stdout;
}

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

// docs/state.md has these commands.
it("is the same stack under another passphrase, and on another backend", async () => {
  const changed = { PULUMI_CONFIG_PASSPHRASE: "another one" };
  const before = await pulumi("stack", "output", "caCertificate", "--stack", NAME);
  await pulumiWith(
    { input: "another one\n" },
    ...["stack", "change-secrets-provider", "passphrase", "--stack", NAME],
  );
  await expect(pulumi("preview", "--stack", NAME)).rejects.toThrow("incorrect passphrase");

  const file = join(clone, "stack.json");
  await pulumiWith(changed, "stack", "export", "--file", file, "--stack", NAME);
  const backend = join(clone, "backend");
  await mkdir(backend);
  const moved = { ...changed, PULUMI_BACKEND_URL: `file://${backend}` };
  await pulumiWith(moved, "stack", "init", NAME);
  await pulumiWith(moved, "stack", "import", "--file", file, "--stack", NAME);
  await pulumiWith(moved, "preview", "--expect-no-changes", "--stack", NAME);
  expect(await pulumiWith(moved, "stack", "output", "caCertificate", "--stack", NAME)).toBe(before);

  // The rest of the file goes on with the old ones.
  await pulumiWith(
    { ...changed, input: await readFile(process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", "utf8") },
    ...["stack", "change-secrets-provider", "passphrase", "--stack", NAME],
  );
});
