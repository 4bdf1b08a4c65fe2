import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ObjectArgs } from "../base/component.ts";
import { Problems } from "../base/errors.ts";
import { asObject } from "../base/object.ts";
import type { Transform } from "../base/transform.ts";
import { jobSpec, type RunArgs, checkRun } from "./job.ts";
import { schedule, timeZone } from "./schedule.ts";
import { identityOf, workloadMetadata, checkIdentity } from "./workload.ts";
import { count, rule } from "../base/rules/index.ts";

export interface CronJobArgs extends RunArgs {
  /** When it runs, `minute hour day-of-month month day-of-week`: `0 3 * * *`, `0-30/5 8-17 * * mon-fri`; or `@hourly`. */
  readonly schedule: string;
  /** Time zone of the schedule, `Europe/Berlin`. @default "Etc/UTC" */
  readonly timeZone?: string | undefined;
  /**
   * What happens when it is due and still running: skip the new run, run both, or stop the old one.
   * @default "Forbid"
   */
  readonly concurrencyPolicy?: "Allow" | "Forbid" | "Replace" | undefined;
  /** Seconds a run may start late; after that it is skipped. @default 300 */
  readonly startingDeadlineSeconds?: number | undefined;
  /** Finished runs that are kept, with their logs. @default 3 */
  readonly successfulJobsHistoryLimit?: number | undefined;
  /** Failed runs that are kept, with their logs. @default 1 */
  readonly failedJobsHistoryLimit?: number | undefined;
  /** Whether no new run is started. @default false */
  readonly suspend?: boolean | undefined;
  /** Changes the CronJob before it is made. */
  readonly transform?: { readonly cronJob?: Transform<k8s.batch.v1.CronJobArgs> } | undefined;
}

/** A program that runs at set times. */
export class CronJob extends k8s.batch.v1.CronJob {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: CronJobArgs, opts?: pulumi.CustomResourceOptions) {
    const problems = new Problems(`cron job ${name}`);
    checkIdentity(name, args, problems);
    checkCronJob(args.objectName ?? name, args, problems);
    problems.throwIfAny();
    const identity = identityOf(name, args);

    super(
      name,
      ...asObject<k8s.batch.v1.CronJobArgs>(
        "workload:CronJob",
        name,
        args.transform?.cronJob,
        {
          metadata: workloadMetadata(identity, args),
          spec: {
            ...cronJobSpec(args),
            jobTemplate: { metadata: { labels: identity.labels }, spec: jobSpec(args, identity) },
          },
        },
        opts,
      ),
    );
    this.name = this.metadata.name;
  }
}

function cronJobSpec(args: CronJobArgs) {
  const { schedule, timeZone = "Etc/UTC", concurrencyPolicy = "Forbid", suspend } = args;
  return {
    schedule,
    timeZone,
    concurrencyPolicy,
    startingDeadlineSeconds: args.startingDeadlineSeconds ?? 300,
    successfulJobsHistoryLimit: args.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: args.failedJobsHistoryLimit ?? 1,
    ...(suspend && { suspend }),
  };
}

/** A run's name is the CronJob's with eleven characters appended. */
const cronJobName = rule<string>("must have at most 52 characters", (text) => text.length <= 52);

/** The controller looks every 10 s: with less time no run would ever start. */
const startingDeadline = rule<number>("must be at least 10", (value) => value >= 10);

/** Arguments of a CronJob but for where and whose it is. */
export type CronJobSpecArgs = Omit<CronJobArgs, keyof ObjectArgs | "transform">;

/**
 * Records everything that is wrong with a CronJob but for where and whose it is.
 * @param name of the main container
 */
export function checkCronJob(name: string, args: CronJobSpecArgs, problems: Problems): void {
  problems.check("name", name, cronJobName);
  problems.check("schedule", args.schedule, schedule);
  problems.check("timeZone", args.timeZone, timeZone);
  problems.check("startingDeadlineSeconds", args.startingDeadlineSeconds, count);
  problems.check("successfulJobsHistoryLimit", args.successfulJobsHistoryLimit, count);
  problems.check("failedJobsHistoryLimit", args.failedJobsHistoryLimit, count);
  problems.check("startingDeadlineSeconds", args.startingDeadlineSeconds, startingDeadline);
  checkRun(name, args, problems);
}
