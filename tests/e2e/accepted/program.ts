import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";

import type { KubernetesObject } from "../../../kubernetes/object.ts";
import { sourceOf } from "../../unit/program/stack.ts";
import { record } from "../../unit/mocks.ts";
import type { Configuration } from "./generate.ts";

/** What a stack makes. */
export interface Made {
  readonly objects: readonly KubernetesObject[];
  /** Traefik's chart. */
  readonly chart: { readonly namespace: string; readonly values: object };
}

/** A certificate and its key, PEM, which stand for all that the stack would issue. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Nobody else is on the cluster: what a stack shares it with is no matter of its configuration. */
vi.doMock("../../../program/taken.ts", () => ({ takenOn: () => [] }));

let runs = 0;

/** Runs the program for a configuration, as Pulumi would, and gives the objects that it would apply. */
export async function objectsOf(configuration: Configuration, pair: Pair): Promise<Made> {
  const { resources } = await record(
    async () => {
      pulumi.runtime.setAllConfig({ ...sourceOf(configuration).values });
      // The program runs when it is imported.
      runs += 1;
      return (await import(/* @vite-ignore */ `../../../index.ts?run=${runs}`)) as object;
    },
    {
      outputs: ({ type, inputs }) => {
        if (type.startsWith("tls:")) {
          return {
            privateKeyPem: pair.key,
            certPem: pair.certificate,
            certRequestPem: "request",
            validityEndTime: "2036-01-01T00:00:00Z",
          };
        }
        return type === "kubernetes:helm.sh/v4:Chart"
          ? { resources: [] }
          : (inputs as Record<string, unknown>);
      },
    },
  );
  const chart = resources.find(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
  return {
    objects: resources
      .filter(({ type }) => type.startsWith("kubernetes:") && !/:(Chart|ConfigGroup)$/.test(type))
      .map(({ inputs }) => inputs as unknown as KubernetesObject),
    chart: chart?.inputs as unknown as Made["chart"],
  };
}
