/** The verbs that look into a cluster, on one small stack: what each is to find is caused here. */
import { describe, expect, it } from "vitest";

import type { Drift } from "../../../cli/drift/drift.ts";
import { kubectl, objects, useStack } from "../harness/index.ts";
import { answering, beside, published } from "../stack/program.ts";

const NAME = "e2e-verbs";
const NAMESPACE = `slipway-${NAME}`;
const PASSWORD = "swordfish-and-chips";

const stack = useStack(NAME, {
  from: "dev",
  config: {
    ...beside(NAME),
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
    await inNamespace("patch", "secret/hello-tls", `--patch={"data":{"tls.crt":"${certificate}"}}`);
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
        `changed ${at("Secret", "hello-tls")} data["tls.crt"] · kubectl-patch`,
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

    const { code, found, output } = await drift("--fix", "--yes");
    expect(code).toBe(7);
    expect(found.map(({ kind, field }) => `${kind} ${field}`).sort()).toEqual([
      "added metadata.labels.team",
      "added spec.template.spec.containers[name=hello].env[name=EXTRA]",
    ]);
    expect(output).toContain(`kubectl label deployment.v1.apps/hello --namespace ${NAMESPACE} team-`);
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
      ["spec.template.spec.containers[name=hello].env[name=GREETING].value", "kubectl-rollout"],
    ]);
    expect(await objects("deployment/hello", "--namespace", NAMESPACE)).toHaveLength(1);
  });
});
