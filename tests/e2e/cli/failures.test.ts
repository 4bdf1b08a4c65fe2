/** What goes wrong outside of a program: each ends with one line that says what to do, and nothing is lost. */
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

import { explainFailure } from "../../../cli/base/failures.ts";
import { toolchainLayout } from "../../../lab/toolchain/index.ts";
import { checkUrls } from "../../../lab/urls.ts";
import {
  ControlPlane,
  leftovers,
  objects,
  selfSigned,
  shownTo,
  SmallDisk,
  TestStack,
  waitFor,
} from "../harness/index.ts";
import { beside } from "../stack/program.ts";
import { slipway } from "./slipway.ts";

const NAME = "e2e-failures";
const HOUR = 3_600_000;
const KUBERNETES = join(toolchainLayout().programs, "kubernetes");

let directory: string;
let disk: SmallDisk;
let plane: ControlPlane;
let stack: TestStack;

/** The cluster and the backend are the suite's own: both are to fail. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-failures-"));
  const crds = join(directory, "crds.json");
  const items = (await objects("crds"))
    .filter(({ metadata }) => metadata.name.endsWith("traefik.io"))
    .map(({ metadata: { name }, ...definition }) => ({
      ...definition,
      metadata: { name },
      status: undefined,
    }));
  await writeFile(crds, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  disk = await SmallDisk.make();
  vi.stubEnv("PULUMI_BACKEND_URL", `file://${disk.directory}`);
  plane = await ControlPlane.start(KUBERNETES);
  const { traefik } = beside(NAME);
  stack = await TestStack.prepare(NAME, {
    from: "dev",
    config: {
      traefik: { ...(traefik as object), crds: "install", crdFiles: [crds] },
      apps: { api: undefined, guide: undefined, portal: undefined },
    },
  });
  await stack.up();
});

afterEach(() => {
  vi.stubEnv("KUBECONFIG", plane.kubeconfig);
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", passphrase);
});

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    await plane.stop();
    await disk.remove();
    await rm(directory, { recursive: true });
    vi.unstubAllEnvs();
  }
});

const passphrase = process.env["PULUMI_CONFIG_PASSPHRASE_FILE"];

let round = 0;

/** Gives the next `up` something to do. */
const change = (): Promise<void> => stack.configure({ apps: { hello: { env: { ROUND: String(++round) } } } });

/** The line that is told of a run of Pulumi that has to fail. */
async function told(run: Promise<unknown>): Promise<string> {
  const said = await run.then(
    () => "it did not fail",
    (error: unknown) => String(error),
  );
  return explainFailure(said)?.message ?? said;
}

/** Once what was wrong is mended, `up` does what is left to do, and nothing else. */
async function goesOn(): Promise<void> {
  const { code, stderr } = await slipway(stack, ["recover"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await stack.up();
}

/** A kubeconfig that differs from the cluster's own. */
async function kubeconfig(edit: (text: string) => string): Promise<void> {
  const file = join(directory, "kubeconfig");
  await writeFile(file, edit(await readFile(plane.kubeconfig, "utf8")));
  vi.stubEnv("KUBECONFIG", file);
}

it("says so of the wrong passphrase", async () => {
  const file = join(directory, "passphrase");
  await writeFile(file, "wrong");
  vi.stubEnv("PULUMI_CONFIG_PASSPHRASE_FILE", file);
  expect(await told(stack.up())).toBe(
    "the passphrase is not the one that the stack's secrets are encrypted with",
  );
});

it("says so of credentials that have ended, of a context that is not there, and of another server at the address", async () => {
  await change();
  await kubeconfig((text) => text.replace(/"token":"\w+"/, '"token":"ended"'));
  expect(await told(stack.up())).toMatch(/^the cluster does not accept the kubeconfig's credentials/);
  vi.stubEnv("KUBECONFIG", plane.kubeconfig);
  await stack.configure({ cluster: { context: "nowhere" } });
  expect(await told(stack.up())).toBe("the kubeconfig has no context nowhere");
  await stack.configure({ cluster: undefined });
});

it.each([
  {
    clock: "behind",
    from: HOUR,
    until: 48 * HOUR,
    order: "before",
    said: "begins later",
    served:
      /, which is not valid before \S+Z, and it is \S+Z here: the clock of the machine that issued it was ahead/,
  },
  {
    clock: "ahead",
    from: -48 * HOUR,
    until: -HOUR,
    order: "after",
    said: "has ended",
    served: /, which ends on \S+, and is not trusted: CERT_HAS_EXPIRED/,
  },
])(
  "says so of a clock that is an hour $clock, and goes on once it is set",
  async ({ from, until, order, said, served }) => {
    await change();
    const own = await readFile(join(plane.directory, "apiserver.crt"), "utf8");
    const [begin, end] = [new Date(Date.now() + from), new Date(Date.now() + until)];
    const other = await selfSigned(join(plane.directory, "apiserver.key"), begin, end);
    await serve(other);
    try {
      const authority = Buffer.from(other).toString("base64");
      await kubeconfig((text) => text.replace(/(certificate-authority-data":")[^"]+/, `$1${authority}`));
      expect(await told(stack.up())).toMatch(
        new RegExp(
          `^the API server's certificate does not hold at this machine's time: current time \\S+ is ${order} \\S+$`,
        ),
      );
      const { code, stderr } = await slipway(stack, ["doctor"]);
      expect(code).toBe(1);
      expect(stderr).toContain(`The certificate of the API server ${said}. Compare this machine's clock`);
      // The same certificate at an app's URL, as `make up` looks at it.
      const published = { urls: { plane: plane.server }, endpoint: { address: "127.0.0.1" } };
      await expect(checkUrls({ ...published, caCertificate: other }, { deadline: 0 })).rejects.toThrow(
        served,
      );
    } finally {
      await serve(own);
    }
    vi.stubEnv("KUBECONFIG", plane.kubeconfig);
    await goesOn();
  },
);

/** Has the API server show another certificate. */
async function serve(certificate: string): Promise<void> {
  await writeFile(join(plane.directory, "apiserver.crt"), certificate);
  const { raw } = new X509Certificate(certificate);
  await waitFor(async () => (await shownTo(new URL(plane.server).host, "localhost")).raw.equals(raw), {
    message: "the API server's other certificate",
    deadline: 120_000,
  });
}

it("says so of a second up, and lets the first one end", async () => {
  await change();
  const first = stack.up();
  const second = await Promise.race([lockedOut(), first]);
  await first;
  expect(second).toBe("another run is at work on the stack, or was killed");
});

/** What another `up` says, once the first one holds the lock. */
async function lockedOut(): Promise<string> {
  await waitFor(async () => (await slipway(stack, ["recover", "--dry-run"])).code === 1, {
    message: "the first up to have locked the stack",
  });
  return told(stack.command("up", "--yes", "--skip-preview"));
}

it("goes on after the API server was away, and after it went away in the middle", async () => {
  await change();
  await plane.kill("kube-apiserver");
  expect(await told(stack.up())).toBe(`no API server answers at ${new URL(plane.server).host}`);
  await plane.restart("kube-apiserver");

  const printed = stack.log.length;
  const update = stack.up().catch(String);
  await waitFor(() => stack.log.slice(printed).includes("Deployment hello updating"), {
    message: "the update to begin",
    deadline: 180_000,
  });
  await plane.kill("kube-apiserver");
  await plane.restart("kube-apiserver");
  await update;
  await goesOn();
});

it("goes on after etcd was full", async () => {
  await change();
  await plane.full(true);
  try {
    expect(await told(stack.up())).toBe("the cluster's etcd is full, and takes nothing more");
  } finally {
    await plane.full(false);
  }
  await goesOn();
});

it("goes on after the disk of the state was full", async () => {
  await change();
  const printed = stack.log.length;
  // Until the disk is full, no answer of the cluster lets the update end.
  const goOn = plane.pause("kube-apiserver");
  try {
    const update = told(stack.up());
    await waitFor(() => stack.log.slice(printed).includes("Updating"), {
      message: "the update to begin",
      deadline: 180_000,
    });
    await disk.fill();
    goOn();
    expect(await update).toMatch(/^there is no space left on the disk of /);
  } finally {
    goOn();
    await disk.free();
  }
  await goesOn();
});

it("moves nothing to another cluster that the kubeconfig leads to, and doctor sees it", async () => {
  const other = await ControlPlane.start(KUBERNETES);
  try {
    const changes = await stack.changes();
    expect(changes).toEqual([
      { op: "update", resource: "pulumi:providers:kubernetes kubernetes", properties: [] },
    ]);
    const { code, stdout } = await slipway(stack, ["doctor"]);
    expect(code).toBe(7);
    expect(stdout).toMatch(/^error +the stack has none of its \d+ objects in the cluster of context plane/);
  } finally {
    await other.stop();
  }
  vi.stubEnv("KUBECONFIG", plane.kubeconfig);
  expect(await stack.changes()).toEqual([]);
});

it("ends a destroy that found the cluster gone once it is back, and leaves nothing", async () => {
  await plane.kill("kube-apiserver");
  try {
    expect(await told(stack.destroy())).toMatch(/^no API server answers at /);
  } finally {
    await plane.restart("kube-apiserver");
  }
  await stack.destroy();
  expect(await leftovers(NAME, `slipway-${NAME}`)).toEqual([]);
});
