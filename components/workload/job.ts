import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { asObject } from "../base/object.ts";
import type { Transform } from "../base/transform.ts";
import { count, positive } from "../base/rules/index.ts";
import { explainFailure } from "./failure.ts";
import { podTemplate } from "./pod.ts";
import { type Identity, identityOf, type WorkloadArgs, workloadMetadata, checkIdentity } from "./workload.ts";
import { checkPod } from "./pod-checks.ts";

/** What runs to its end. */
export interface RunArgs extends WorkloadArgs {
  /** How often a failed pod is tried again. @default 0 */
  readonly backoffLimit?: number | undefined;
  /** Seconds after which a run is stopped, and has failed. @default 600 */
  readonly activeDeadlineSeconds?: number | undefined;
  /** Successes that make it complete. @default 1 */
  readonly completions?: number | undefined;
  /** Pods that run at a time. @default 1 */
  readonly parallelism?: number | undefined;
}

export interface JobArgs extends RunArgs {
  /** Changes the Job before it is made. */
  readonly transform?: { readonly job?: Transform<k8s.batch.v1.JobArgs> } | undefined;
}

/**
 * A run of a program as a part of `up`, which waits for it and fails with the last lines of its log if it does.
 *
 * It runs once, again when its image, arguments or other parts of its pod change, and again after a failure.
 */
export class Job extends k8s.batch.v1.Job {
  /** Name of the Job, known once it is complete. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: JobArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`job ${name}`);
    checkIdentity(name, args, problems);
    checkRun(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const identity = identityOf(name, args);
    const spec = jobSpec(args, identity);

    // A little more than the Job itself has, so that Kubernetes' own reason is reported.
    const timeout = `${spec.activeDeadlineSeconds + 30}s`;
    super(
      name,
      ...asObject<k8s.batch.v1.JobArgs>(
        "workload:Job",
        name,
        args.transform?.job,
        { metadata: workloadMetadata(identity, args, { "pulumi.com/replaceUnready": "true" }), spec },
        opts,
        { customTimeouts: { create: timeout, update: timeout }, ...explainFailure(name, args, () => this) },
      ),
    );
    this.name = this.metadata.name;
  }
}

/** The spec of a Job. Failed pods stay, and with them their logs. */
export function jobSpec(args: RunArgs, identity: Identity) {
  const { backoffLimit = 0, activeDeadlineSeconds = 600, completions = 1, parallelism = 1 } = args;
  return {
    backoffLimit,
    activeDeadlineSeconds,
    completions,
    parallelism,
    template: podTemplate(args, { ...identity, restartPolicy: "Never" }),
  };
}

/** Arguments of what runs to its end, but for where and whose it is. */
export type RunSpecArgs = Omit<RunArgs, keyof ObjectArgs>;

/**
 * Records what is wrong with a run, but for where and whose it is.
 * @param name of the main container
 */
export function checkRun(name: string, args: RunSpecArgs, problems: Problems): void {
  problems.check("backoffLimit", args.backoffLimit, count);
  problems.check("activeDeadlineSeconds", args.activeDeadlineSeconds, positive);
  problems.check("completions", args.completions, positive);
  problems.check("parallelism", args.parallelism, positive);
  for (const probe of ["readiness", "liveness", "startup"] as const) {
    const given = args.probes?.[probe];
    problems.unless(!given, `probes.${probe}`, given, "is for programs that serve: a Job ends by itself");
  }
  checkPod(args, { name }, problems);
}
