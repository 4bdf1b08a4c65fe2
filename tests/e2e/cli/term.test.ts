/** A stack's term, from its date to what is left of it; and its objects as files, which serve without it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { feed, kubectl, type KubeObject, objects, TestStack, waitFor } from "../harness/index.ts";
import { answering, beside, published, type Published } from "../stack/program.ts";
import { withCopy } from "./backend.ts";

const NAME = "e2e-term";
const NAMESPACE = `slipway-${NAME}`;
const TOKEN = "swordfish-and-chips";

/** A day from now, in UTC. */
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

interface Due {
  readonly stack: string;
  readonly expires: string;
  readonly standing: string;
  readonly days: number;
  readonly protected: boolean;
  readonly outcome?: string;
}

interface Residue {
  readonly what: string;
  readonly reason: string;
  readonly command: string;
}

let stack: TestStack;
let at: Published;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-e2e-term-"));
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      ...beside(NAME),
      domain: "term.test",
      expires: day(2),
      protect: true,
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
    secrets: { "slipway:apps.hello.secretEnv.TOKEN": TOKEN },
  });
  await stack.up();
  at = await published(stack);
});

afterAll(async () => {
  await rm(directory, { recursive: true });
  await stack.configure({ protect: false });
  await stack.command("state", "unprotect", "--all", "--yes");
  await stack.remove();
});

/** Labels of the stack's date, of an object that was made first and of one that was made last. */
const dates = async (): Promise<readonly unknown[]> => {
  const found = await Promise.all([
    objects(`namespace/${NAMESPACE}`),
    objects("ingressroute/hello", "--namespace", NAMESPACE),
  ]);
  return found.flat().map(({ metadata }) => metadata.labels?.["slipway.dev/expires"]);
};

describe("a date", () => {
  it("is refused by up where it has passed", async () => {
    await stack.configure({ expires: day(-1) });
    const lines = await stack.refusal();
    expect(lines.join("\n")).toContain(
      `expires: "${day(-1)}" has passed: slipway extend 7d gives the stack another week`,
    );
    await stack.configure({ expires: day(2) });
  });

  it("is moved by extend, in the file and on every object", async () => {
    const { code, stdout, stderr } = await stack.slipway("extend", "5d");
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `Stack ${NAME} is there until ${day(7)}.` });
    expect(await dates()).toEqual([day(7), day(7)]);
    expect(await stack.changes()).toEqual([]);
  });

  it("is not moved where something else waits for an up", async () => {
    await stack.configure({ apps: { hello: { replicas: 2 } } });
    const { code, stderr } = await stack.slipway("extend", "never");
    expect(code).toBe(1);
    expect(stderr).toContain("has changes that wait for an up: hello");
    await stack.configure({ apps: { hello: { replicas: 1 } } });
    expect(await dates()).toEqual([day(7), day(7)]);
  });

  it("may be never, and then only the file says so until the next up", async () => {
    expect(await stack.slipway("extend", "never", "--no-up")).toMatchObject({
      code: 0,
      stdout: `Stack ${NAME} is there for good, from the next pulumi up on.`,
    });
    expect((await stack.command("config", "get", "expires")).trim()).toBe("never");
    expect(await dates()).toEqual([day(7), day(7)]);
    await stack.configure({ expires: day(7) });
  });
});

/** The stack's state once everything was destroyed. */
const emptied = (state: string): string => {
  const checkpoint = JSON.parse(state) as { deployment: { resources?: unknown } };
  return JSON.stringify({ ...checkpoint, deployment: { ...checkpoint.deployment, resources: [] } });
};

/** The stack's state as it will be some days from now, if nobody does anything. */
const later = (days: number) => (state: string) => state.replaceAll(day(7), day(7 - days));

describe("render", () => {
  let secrets: readonly KubeObject[];

  it("writes every object but the Secrets, and no secret", async () => {
    const { code, stdout, stderr } = await stack.slipway("render", directory, "--json");
    expect(code, stderr).toBe(0);
    const { files, leftOut } = JSON.parse(stdout) as { files: string[]; leftOut: { object: string }[] };
    expect((await readdir(directory)).sort()).toEqual([...files].sort());
    const named = leftOut.map(({ object }) => object.replace("Secret ", "").split("/"));
    expect(named.length).toBeGreaterThan(1);
    const found = await Promise.all(
      named.map(([namespace = "", name = ""]) => objects(`secret/${name}`, "--namespace", namespace)),
    );
    secrets = found.flat();
    const contents = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
    expect(contents.filter((content) => /swordfish|LS0t|PRIVATE KEY/.test(content))).toEqual([]);
  });

  it("shows what is different from another revision", async () => {
    const git = (...args: string[]) => execa("git", args, { cwd: stack.directory });
    await git("init", "--quiet");
    await git("add", ".");
    await git("-c", "user.name=Eve", "-c", "user.email=eve@example.com", "commit", "--quiet", "-m", "Before");
    await stack.configure({ apps: { hello: { replicas: 2 } } });
    const { code, stdout, stderr } = await stack.slipway("render", "--diff", "HEAD");
    await stack.configure({ apps: { hello: { replicas: 1 } } });
    expect(code, stderr).toBe(7);
    expect(stdout.match(/^[-+].*$/gm)).toEqual([
      `--- a/0160-deployment-${NAMESPACE}-hello.yaml`,
      `+++ b/0160-deployment-${NAMESPACE}-hello.yaml`,
      "-  replicas: 1",
      "+  replicas: 2",
    ]);
  });

  it("is of use once the stack is gone, which expire sees to when nothing protects it", async () => {
    await withCopy(stack, later(5), async ({ slipway }) => {
      const { code, stdout } = await slipway(["expire", "--json", "--no-cluster"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual([
        expect.objectContaining({ stack: NAME, expires: day(2), standing: "soon", days: 2, protected: true }),
      ]);
      expect(
        JSON.parse((await slipway(["expire", "--json", "--no-cluster", "--warn-days", "1"])).stdout),
      ).toEqual([]);
    });
    await withCopy(stack, later(8), async ({ slipway, pulumi }) => {
      const listed = await slipway(["expire", "--no-cluster"]);
      expect(listed.code).toBe(7);
      expect(listed.stdout).toMatch(new RegExp(`slipway +${NAME} +${day(-1)} +yesterday +protected`));

      expect((await slipway(["expire", "--yes", "--no-cluster"])).stdout).toContain("Pulumi protects it");
      expect(await objects(`namespace/${NAMESPACE}`)).toHaveLength(1);
      const refused = await pulumi(["destroy", "--yes", "--stack", NAME]);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("protected");
      await answering(at.client, at.urls["hello"] ?? "");

      await pulumi(["state", "unprotect", "--all", "--yes", "--stack", NAME]);
      const { code, stdout, stderr } = await slipway(["expire", "--yes", "--json"]);
      expect(code, stderr).toBe(0);
      const results = JSON.parse(stdout) as Due[];
      expect(results.find((due) => due.stack === NAME)).toMatchObject({ outcome: "destroyed" });
      expect(await objects("namespaces", `--selector=slipway.dev/stack=${NAME}`)).toEqual([]);
      // The stack is still there, with its history, and nothing is past its day.
      expect((await slipway(["expire", "--no-cluster"])).code).toBe(0);
    });
  });

  it("serves the same URLs, by kubectl apply and with the Secrets supplied", async () => {
    const files = await readdir(directory);
    const namespaces = files.filter((file) => file.includes("-namespace-"));
    await kubectl("apply", ...namespaces.flatMap((file) => ["--filename", join(directory, file)]));
    for (const { metadata, ...secret } of secrets) {
      const { name, namespace, labels } = metadata;
      await feed({ ...secret, metadata: { name, namespace, labels } }, "apply");
    }
    await kubectl("apply", "--filename", directory);
    const urls = Object.values(at.urls);
    expect(urls).not.toEqual([]);
    // The certificates are those of before: this client trusts their authority and no other.
    for (const url of urls) await answering(at.client, url);
  });
});

describe("residue", () => {
  it("finds what is in no state, with the commands that remove it, and nothing after these", async () => {
    // The stack's own state still has all of it; that of the copy was destroyed.
    await withCopy(stack, emptied, async ({ slipway }) => {
      const residue = async (): Promise<readonly Residue[]> => {
        const { code, stdout, stderr } = await slipway([
          "residue",
          "--project",
          "slipway",
          "--fail",
          "--json",
        ]);
        const found = JSON.parse(stdout) as Residue[];
        expect(code, stderr).toBe(found.length > 0 ? 7 : 0);
        return found.filter(({ what }) => what.includes(NAME));
      };
      const found = await residue();
      expect(found.map(({ what }) => what)).toEqual(
        expect.arrayContaining([
          `Namespace ${NAMESPACE}`,
          `Namespace ${NAMESPACE}-traefik`,
          `IngressClass ${NAMESPACE}`,
        ]),
      );
      expect(found[0]?.reason).toContain(`is labelled as slipway/${NAME}'s`);
      await Promise.all(found.map(({ command }) => execa("sh", ["-c", command])));
      await waitFor(async () => (await residue()).length === 0, { message: "an end of the residue" });
    });
  });

  it("finds a stack whose cluster is gone; destroy forgets it by the command it is told", async () => {
    // The state says which kubeconfig the stack was deployed with, whatever the environment says now: it has to be another there.
    const nowhere = join(directory, "kubeconfig");
    await writeFile(nowhere, stringify(NOWHERE));
    const moved = (state: string): string => {
      const { KUBECONFIG = "" } = process.env;
      expect(state).toContain(KUBECONFIG);
      return state.replaceAll(KUBECONFIG, nowhere);
    };
    await withCopy(stack, moved, async ({ slipway, pulumi }) => {
      const env = { KUBECONFIG: nowhere };
      await pulumi(["state", "unprotect", "--all", "--yes", "--stack", NAME]);
      const { stdout } = await slipway(["residue", "--json"], env);
      const [found] = JSON.parse(stdout) as Residue[];
      expect(found?.what).toBe(`stack organization/slipway/${NAME}`);
      expect(found?.reason).toContain("cannot be reached");
      expect(found?.command).toBe(
        `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack organization/slipway/${NAME}`,
      );
      const refused = await pulumi(["destroy", "--yes", "--stack", NAME], env);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain("PULUMI_K8S_DELETE_UNREACHABLE");
      const forgotten = await pulumi(["destroy", "--yes", "--stack", NAME], {
        ...env,
        PULUMI_K8S_DELETE_UNREACHABLE: "true",
      });
      expect(forgotten.code, forgotten.stderr).toBe(0);
      expect((await slipway(["residue"], env)).stdout).toBe("");
    });
  });
});

/** A kubeconfig of a cluster that nobody answers at. */
const NOWHERE = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "nowhere", cluster: { server: "https://127.0.0.1:9" } }],
  users: [{ name: "nobody", user: {} }],
  contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
  "current-context": "nowhere",
};
