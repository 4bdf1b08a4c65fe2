/** The verbs that look into a cluster, on one small stack: what each is to find is caused here. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import type { Drift } from "../../../cli/drift/drift.ts";
import { Progress } from "../../../lab/base/progress.ts";
import { tellMissing } from "../../../lab/missing.ts";
import { readState, stateFile } from "../../../lab/state.ts";
import { apply, kubectl, objects, ROOT, useStack, waitFor } from "../harness/index.ts";
import { answering, beside, published } from "../stack/program.ts";

const NAME = "e2e-verbs";
const NAMESPACE = `slipway-${NAME}`;
const PASSWORD = "swordfish-and-chips";

const stack = useStack(NAME, {
  from: "dev",
  config: {
    ...beside(NAME),
    traefik: {
      ...(beside(NAME)["traefik"] as object),
      values: { additionalArguments: ["--api.insecure=true"] },
    },
    // Near its end from its first day.
    tls: { certificates: { validityDays: 20 } },
    domain: "verbs.test",
    apps: { api: undefined, guide: undefined, portal: undefined, hello: { env: { GREETING: "hi" } } },
  },
  secrets: { "slipway:apps.hello.secretEnv.TOKEN": PASSWORD },
});

const inNamespace = (...args: string[]): Promise<string> => kubectl("--namespace", NAMESPACE, ...args);

describe("drift", () => {
  const drift = async (...args: string[]): Promise<{ code: number; found: Drift[]; output: string }> => {
    const { code, stdout, stderr } = await stack().slipway("drift", "--json", ...args);
    expect(code, stderr).not.toBe(1);
    const { drift } = JSON.parse(stdout) as { drift: Drift[] };
    return { code, found: drift.filter(({ harmless }) => harmless === undefined), output: stdout + stderr };
  };

  it("finds none in a stack that was just deployed, and ends with 0", async () => {
    expect(await drift()).toMatchObject({ code: 0, found: [] });
  });

  it("names what was changed by hand, and by whom, and shows no secret", async () => {
    await inNamespace("scale", "deployment/hello", "--replicas=2");
    await inNamespace("set", "env", "deployment/hello", "GREETING=ho", "EXTRA=1");
    await inNamespace("label", "deployment/hello", "team=red");
    await inNamespace("label", "--overwrite", "ingressroute/hello", "slipway.dev/project=other");
    await inNamespace(
      "patch",
      "ingressroute/hello",
      "--type=json",
      '--patch=[{"op":"replace","path":"/spec/routes/0/match","value":"Host(`other.test`)"}]',
    );
    const certificate = Buffer.from("not the one").toString("base64");
    const [tls] = await objects(
      "secrets",
      "--namespace",
      NAMESPACE,
      "--field-selector=type=kubernetes.io/tls",
    );
    const tlsName = tls?.metadata.name ?? "";
    await inNamespace("patch", `secret/${tlsName}`, `--patch={"data":{"tls.crt":"${certificate}"}}`);
    await inNamespace("delete", "service/hello");

    const { code, found, output } = await drift();
    expect(code).toBe(7);
    const lines = found.map(
      ({ object, kind, field, owner }) => `${kind} ${object} ${field} · ${owner.replace(/,.*/, "")}`,
    );
    const at = (kind: string, name = "hello"): string => `${kind} ${NAMESPACE}/${name}`;
    expect(lines.sort()).toEqual(
      [
        `added ${at("Deployment")} metadata.labels.team · kubectl-label`,
        `added ${at("Deployment")} spec.template.spec.containers[name=hello].env[name=EXTRA] · kubectl-set`,
        `changed ${at("Deployment")} spec.replicas · kubectl (scale)`,
        `changed ${at("Deployment")} spec.template.spec.containers[name=hello].env[name=GREETING].value · kubectl-set`,
        `changed ${at("IngressRoute")} metadata.labels["slipway.dev/project"] · kubectl-label`,
        `changed ${at("IngressRoute")} spec.routes[0].match · kubectl-patch`,
        `changed ${at("Secret", tlsName)} data["tls.crt"] · kubectl-patch`,
        `missing ${at("Service")}  · `,
      ].sort(),
    );
    expect(found.find(({ field }) => field === "spec.replicas")).toMatchObject({ wanted: "1", found: "2" });
    expect(found.find(({ field }) => field.startsWith("data"))).toMatchObject({
      wanted: "[secret]",
      found: "[secret]",
    });
    for (const secret of [certificate, PASSWORD, Buffer.from(PASSWORD).toString("base64"), "LS0t"])
      expect(output).not.toContain(secret);
  });

  it("asks before it puts anything right, and leaves a preview empty", async () => {
    const asked = await stack().slipway("drift", "--fix");
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain("Add --yes");
    expect(asked.stdout).toContain("create Service hello");

    const { found, output } = await drift("--fix", "--yes");
    // Of what the program says nothing of, an up may leave some: then it tells the command.
    expect(found.filter(({ kind }) => kind !== "added")).toEqual([]);
    for (const { field } of found)
      expect(output).toContain(field === "metadata.labels.team" ? " team-" : `# ${field}`);
    await inNamespace("set", "env", "deployment/hello", "EXTRA-");
    await inNamespace("label", "deployment/hello", "team-");
    expect(await stack().changes()).toEqual([]);
    const { client, urls } = await published(stack());
    await answering(client, urls["hello"] ?? "");
  });

  it("sees a rollout that was undone", async () => {
    await stack().configure({ apps: { hello: { env: { GREETING: "hello" } } } });
    await stack().up();
    await inNamespace("rollout", "undo", "deployment/hello");
    const { code, found } = await drift();
    expect(code).toBe(7);
    expect(found.map(({ field, owner }) => [field, owner.split(",")[0]])).toEqual([
      ["spec.template.spec.containers[name=hello].env[name=GREETING].value", "kubectl"],
    ]);
    expect(await objects("deployment/hello", "--namespace", NAMESPACE)).toHaveLength(1);
  });
});

describe("check", () => {
  it("lets pass what the cluster has of the stack, and finds a pod that may do everything", async () => {
    const directory = await mkdtemp(join(tmpdir(), "slipway-check-"));
    try {
      const file = join(directory, "objects.yaml");
      const check = async (content: string) => {
        await writeFile(file, content);
        const { exitCode, stdout } = await execa(
          process.execPath,
          [join(ROOT, "cli/main.ts"), "check", file],
          { reject: false },
        );
        return { code: exitCode, stdout };
      };
      const kinds = "deployments,services,ingressroutes";
      expect(await check(await inNamespace("get", kinds, "--output=yaml"))).toMatchObject({ code: 0 });
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p" },
        spec: { hostNetwork: true, containers: [{ name: "c", image: "c" }] },
      };
      const { code, stdout } = await check(JSON.stringify(pod));
      expect(code).toBe(7);
      expect(stdout).toMatch(/mandatory +pod-security +Pod p +pod must not set hostNetwork=true/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is what a preview with the policy pack finds, with levels and settings of a file", async () => {
    const pack = join(ROOT, "policy");
    expect(await stack().command("preview", "--policy-pack", pack)).toContain("slipway@v0.1.0");
    const directory = await mkdtemp(join(tmpdir(), "slipway-settings-"));
    try {
      const settings = join(directory, "settings.json");
      await writeFile(
        settings,
        JSON.stringify({ "fixed-images": { enforcementLevel: "mandatory", digest: true } }),
      );
      const refused = stack().command("preview", "--policy-pack", pack, "--policy-pack-config", settings);
      await expect(refused).rejects.toMatchObject({
        stdout: expect.stringMatching(/mandatory.*fixed-images[^]*must name its image by digest/) as string,
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("a Deployment that somebody removed", () => {
  it("is none of an up's business, told by `make up`, and made again by what that adds", async () => {
    await inNamespace("delete", "deployment/hello");
    expect(await stack().changes()).toEqual([]);

    const told: string[] = [];
    const log = new Progress({ out: { write: (text) => told.push(String(text).trimEnd()) > 0 } });
    const state = stateFile("slipway", NAME);
    expect(await tellMissing(readState(state), log)).toBe(true);
    expect(told).toEqual([`Deployment ${NAMESPACE}/hello was removed behind Pulumi's back.`]);

    await stack().command("up", "--yes", "--skip-preview", "--refresh");
    expect(await tellMissing(readState(state), log)).toBe(false);
    const { client, urls } = await published(stack());
    await answering(client, urls["hello"] ?? "");
  });
});

describe("doctor", () => {
  interface Told {
    readonly severity: string;
    readonly about: string;
    readonly message: string;
    readonly lines?: readonly string[];
  }

  const doctor = async (
    ...args: string[]
  ): Promise<{ code: number; errors: readonly Told[]; diagnoses: readonly Told[] }> => {
    const { code, stdout, stderr } = await stack().slipway("doctor", "--json", ...args);
    expect(code, stderr).not.toBe(1);
    const { diagnoses } = JSON.parse(stdout) as { diagnoses: Told[] };
    return { code, diagnoses, errors: diagnoses.filter(({ severity }) => severity === "error") };
  };

  /** Waits until each is among what it says. */
  const told = (wanted: readonly RegExp[]): Promise<unknown> =>
    waitFor(
      async () => {
        const { code, diagnoses } = await doctor();
        const lines = diagnoses.map(({ severity, about, message, lines = [] }) =>
          [severity, about, message, ...lines].join(" "),
        );
        const missing = wanted.filter((pattern) => !lines.some((line) => pattern.test(line)));
        if (missing.length > 0) throw new Error(`missing ${missing.join(" ")} in\n${lines.join("\n")}`);
        expect(code).toBe(7);
        return true;
      },
      { message: "doctor to name all that is broken", deadline: 120_000 },
    );

  it("names what is about the cluster: a router, a certificate's end, a node port, a namespace, an API of before", async () => {
    const [taken, stuck] = [`${NAME}-taken`, `${NAME}-stuck`];
    try {
      for (const name of [taken, stuck])
        await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      const port = { apiVersion: "v1", kind: "Service", metadata: { name: "other", namespace: taken } };
      await apply({ ...port, spec: { type: "NodePort", ports: [{ port: 80 }] } });
      const [service] = await objects("service/other", "--namespace", taken);
      const { ports } = service?.["spec"] as { ports: { nodePort: number }[] };
      await stack().configure({ traefik: { web: { nodePort: ports[0]?.nodePort } } });

      const metadata = { name: "kept", namespace: stuck, finalizers: ["example.com/waits"] };
      await apply({ apiVersion: "v1", kind: "ConfigMap", metadata });
      await kubectl("delete", "namespace", stuck, "--wait=false");

      await apply(OF_TRAEFIK_2);
      await inNamespace(
        "patch",
        "ingressroute/hello",
        "--type=json",
        `--patch=[{"op":"replace","path":"/spec/routes/0/services/0/port","value":80},{"op":"replace","path":"/spec/routes/0/match","value":"Hots(\`a.test\`)"}]`,
      );
      await told([
        /^error Traefik's router slipway-e2e-verbs_hello_0@kubernetescrd is not served: .*Hots/,
        /^warning Secret slipway-e2e-verbs\S* tls\.crt the certificate of .* ends in (19|20) days/,
        new RegExp(
          `^error Service ${taken}/other has node port \\d+, which the stack's configuration asks for`,
        ),
        new RegExp(
          `^warning Namespace ${stuck} is to go since .*cannot ConfigMap kept waits for example.com/waits`,
        ),
        /^warning the cluster still serves traefik\.containo\.us, of Traefik 2/,
      ]);
    } finally {
      const free = '--patch={"metadata":{"finalizers":null}}';
      await kubectl("patch", "configmap/kept", "--namespace", stuck, "--type=merge", free);
      await kubectl("delete", "namespace", taken, stuck, "--ignore-not-found");
      await kubectl("delete", "crd", OF_TRAEFIK_2.metadata.name, "--ignore-not-found");
      await stack().configure(beside(NAME));
    }
  });

  it("names what is broken, each with what to do: a pod, a Service, a route, a node port, a certificate, an object", async () => {
    await stack().slipway("drift", "--fix", "--yes");
    const well = await waitFor(
      async () => {
        const found = await doctor();
        if (found.errors.length > 0) throw new Error(JSON.stringify(found.errors));
        return found;
      },
      { message: "doctor to find no error in a stack that is well" },
    );
    expect(well.code).toBe(0);
    expect((await doctor("--fail-on", "warning")).code).toBe(7);

    await inNamespace("set", "image", "deployment/hello", "hello=registry.invalid/none:1");
    // A rollout would keep the old pod until the new one is ready, which it never is.
    await inNamespace("scale", "deployment/hello", "--replicas=0");
    await inNamespace(
      "wait",
      "pod",
      "--selector=app.kubernetes.io/name=hello",
      "--for=delete",
      "--timeout=120s",
    );
    await inNamespace("scale", "deployment/hello", "--replicas=1");
    await inNamespace(
      "patch",
      "ingressroute/hello",
      "--type=json",
      '--patch=[{"op":"replace","path":"/spec/routes/0/services/0/port","value":81}]',
    );
    const [tls] = await objects(
      "secrets",
      "--namespace",
      NAMESPACE,
      "--field-selector=type=kubernetes.io/tls",
    );
    await inNamespace("patch", `secret/${tls?.metadata.name ?? ""}`, '--patch={"data":{"tls.crt":"Zm9v"}}');
    await inNamespace("delete", "secret/hello-env");

    // Each becomes visible in its own time: an image that cannot be pulled, an endpoint that goes only with its pod.
    const wanted = [
      /Pod \S+ is not ready: .*(ErrImagePull|ImagePullBackOff|CreateContainerConfigError)/,
      /Service \S+hello leads to (no pod|1 pods, and none is ready)/,
      /leads to port 81 of Service/,
      /holds no certificate in tls\.crt/,
      new RegExp(`Secret ${NAMESPACE}/hello-env is in the state and not in the cluster`),
    ];
    await told(wanted);
  });
});

/** A kind of the group that Traefik 2 had: of no name that kubectl could take for one of today's. */
const OF_TRAEFIK_2 = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "legacies.traefik.containo.us" },
  spec: {
    group: "traefik.containo.us",
    names: { kind: "Legacy", plural: "legacies" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object" } },
      },
    ],
  },
};
