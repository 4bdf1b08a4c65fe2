import { expect, it } from "vitest";

import { isNews } from "../../../lab/pulumi-output.ts";

const shown = (output: string): string[] => output.split("\n").filter((line) => line !== "" && isNews(line));

it("leaves one line for each resource that was changed", () => {
  expect(
    shown(`
 +  slipway:app:App api creating (0s)
 +  kubernetes:core/v1:Service api creating (0s)
 +  kubernetes:core/v1:Service api creating (0s) Skipping await logic
 +  kubernetes:core/v1:Service api created (0.14s)
 ~  kubernetes:apps/v1:Deployment api updating (0s) [diff: ~spec]
 ~  kubernetes:apps/v1:Deployment api updating (0s) [diff: ~spec]; warning: [MinimumReplicasUnavailable] Deployment does not have minimum availability.
 ~  kubernetes:apps/v1:Deployment api updated (1s) [diff: ~spec];
 +- kubernetes:core/v1:Secret api creating replacement (0s) [diff: ~immutable]
 +- kubernetes:core/v1:Secret api replaced (0.1s) [diff: ~immutable]
 -- kubernetes:core/v1:Secret api deleting original (0s) [diff: ~immutable]
 -- kubernetes:core/v1:Secret api deleted original (0.1s) [diff: ~immutable]
 -  kubernetes:core/v1:Namespace slipway-dev deleting (5s)
 -  kubernetes:core/v1:Namespace slipway-dev deleted (5s)
    pulumi:pulumi:Stack slipway-dev
Resources:
    + 72 created
The resources in the stack have been deleted, but the history and configuration are still maintained.
If you want to remove the stack completely, run \`pulumi stack rm dev\`.
`),
  ).toEqual([
    " +  kubernetes:core/v1:Service api created (0.14s)",
    " ~  kubernetes:apps/v1:Deployment api updated (1s) [diff: ~spec];",
    " +- kubernetes:core/v1:Secret api replaced (0.1s) [diff: ~immutable]",
    " -- kubernetes:core/v1:Secret api deleted original (0.1s) [diff: ~immutable]",
    " -  kubernetes:core/v1:Namespace slipway-dev deleted (5s)",
    "Resources:",
    "    + 72 created",
  ]);
});

it("keeps a preview, and tells an error once", () => {
  expect(
    shown(`
 +  pulumi:pulumi:Stack slipway-dev create
 +  pulumi:pulumi:Stack slipway-dev create error: configuration of stack dev:
 +  pulumi:pulumi:Stack slipway-dev create 1 error
 +  kubernetes:apps/v1:Deployment api **creating failed (0.72s)** 1 error
Diagnostics:
  pulumi:pulumi:Stack (slipway-dev):
    error: configuration of stack dev:
      domian: "x" is not known; did you mean domain?
`),
  ).toEqual([
    " +  pulumi:pulumi:Stack slipway-dev create",
    " +  pulumi:pulumi:Stack slipway-dev create 1 error",
    " +  kubernetes:apps/v1:Deployment api **creating failed (0.72s)** 1 error",
    "Diagnostics:",
    "  pulumi:pulumi:Stack (slipway-dev):",
    "    error: configuration of stack dev:",
    '      domian: "x" is not known; did you mean domain?',
  ]);
});

it("says what a resource waits for that takes long", () => {
  const waiting = (time: string): string =>
    ` +  kubernetes:apps/v1:Deployment api creating (${time}) warning: [Pod api]: containers with unready status`;
  expect(shown(waiting("9s"))).toEqual([]);
  expect(shown(waiting("31s"))).toHaveLength(1);
  expect(shown(waiting("1m2s"))).toHaveLength(1);
});

it("reads what is coloured", () => {
  const row = " \u001b[1m\u001b[38;5;2m+ \u001b[0m slipway:app:App api \u001b[1mcreating (0s)\u001b[0m ";
  expect(isNews(row)).toBe(false);
});
