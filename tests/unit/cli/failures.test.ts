import { describe, expect, it } from "vitest";

import { explained } from "../../../cli/base/errors.ts";
import { explainFailure } from "../../../cli/base/failures.ts";
import { pulumiError } from "../../../cli/base/pulumi.ts";

/** What Pulumi, its provider, Kubernetes and etcd have said when these were caused, and the line that is told of it. */
describe("a failure outside of the program", () => {
  const unreachable =
    "error: kubernetes:yaml/v2:ConfigGroup resource 'crds' has a problem: configured Kubernetes cluster is unreachable: ";
  const schema = `${unreachable}unable to load schema information from the API server: `;
  const get = `${schema}Get "https://127.0.0.1:46525/openapi/v2?timeout=32s": `;
  it.each([
    [
      'error: configuration of stack dev:\n  apps.api.path: "api" must begin with "/" and have no space, "?" or "#"',
      "the configuration of stack dev has mistakes",
    ],
    [
      "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
      "the passphrase is not the one that the stack's secrets are encrypted with",
    ],
    [
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
      "another run is at work on the stack, or was killed",
    ],
    [
      'error: pre-step event returned an error: failed to save snapshot: An IO error occurred while writing the new snapshot file: blob (key ".pulumi/stacks/slipway/dev.json") (code=Unknown): write /state/.pulumi/stacks/slipway/dev.json.18eb96f7cdb59c15.tmp: no space left on device',
      "there is no space left on the disk of /state/.pulumi/stacks/slipway/dev.json",
    ],
    [
      'the Kubernetes API server reported that "shop/web" failed to fully initialize or become live: etcdserver: mvcc: database space exceeded',
      "the cluster's etcd is full, and takes nothing more",
    ],
    ["etcdserver: request timed out", "the cluster's etcd does not keep up: request timed out"],
    [`${unreachable}context "nowhere" does not exist`, "the kubeconfig has no context nowhere"],
    [
      `${unreachable}failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- couldn't get version/kind`,
      "there is no kubeconfig that can be read",
    ],
    [
      `${get}tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-26T11:00:00Z is before 2026-11-26T12:00:00Z`,
      "the API server's certificate does not hold at this machine's time: current time 2026-11-26T11:00:00Z is before 2026-11-26T12:00:00Z",
    ],
    [
      `${get}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      "another API server answers at this address than the kubeconfig knows",
    ],
    [
      `${schema}the server has asked for the client to provide credentials`,
      "the cluster does not accept the kubeconfig's credentials: they have ended, or are another cluster's",
    ],
    [
      `${get}dial tcp 127.0.0.1:46525: connect: connection refused`,
      "no API server answers at 127.0.0.1:46525",
    ],
    [`${get}dial tcp: lookup gone.test on 192.0.2.1:53: no such host`, "no API server answers at gone.test"],
    [
      'Get "https://127.0.0.1:46525/apis/apps/v1/namespaces/shop/deployments/web": stream error: stream ID 11; INTERNAL_ERROR; received from peer',
      "the API server went away in the middle",
    ],
  ])("is told in one line: %s", (said, line) => {
    expect(explainFailure(`Diagnostics:\n  pulumi:pulumi:Stack (shop-dev):\n    ${said}\n`)?.message).toBe(
      line,
    );
  });

  it("is left to Pulumi's words where they are not known", () => {
    expect(explainFailure("error: update failed")).toBeUndefined();
  });

  it("ends what slipway says of a run of Pulumi", () => {
    const commandResult = { stdout: "", stderr: "error: get stack secrets manager: incorrect passphrase" };
    const lines = explained(Object.assign(new Error("failed"), { commandResult }))?.split("\n") ?? [];
    expect(lines.slice(0, 3)).toEqual([
      "Pulumi failed:",
      commandResult.stderr,
      "the passphrase is not the one that the stack's secrets are encrypted with",
    ]);
    expect(lines[3]).toMatch(/^Set PULUMI_CONFIG_PASSPHRASE/);
  });

  it("stands in the error of a run, with what to do about it", () => {
    const failed = (stderr: string): string | undefined =>
      explained(pulumiError({ stdout: "", stderr, code: 255 }, "the state cannot be read", "Look for it."));
    expect(failed("error: failed to load checkpoint: EOF\n")).toMatch(
      /^the state cannot be read: a killed run left the file .* empty .*\nRemove `<stack>\.json\.attrs`/,
    );
    expect(failed("error: it is nowhere\n")).toBe(
      "the state cannot be read: error: it is nowhere\nLook for it.",
    );
  });
});
