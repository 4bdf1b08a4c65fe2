import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problems } from "../base/errors.ts";
import { asObject } from "../base/object.ts";
import type { Transform } from "../base/transform.ts";
import { jobSpec, type RunArgs } from "./job.ts";
import { isTimeZone, scheduleProblem } from "./schedule.ts";
import { identityOf, workloadMetadata } from "./workload.ts";

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
    const identity = identityOf(name, args, problems);
    // A run's name is the CronJob's with eleven characters appended.
    problems.unless(identity.name.length <= 52, "name", identity.name, "must have at most 52 characters");
    const spec = cronJobSpec(args, problems);
    const job = jobSpec(args, identity, problems);
    problems.throwIfAny();

    super(
      name,
      ...asObject<k8s.batch.v1.CronJobArgs>(
        "workload:CronJob",
        name,
        args.transform?.cronJob,
        {
          metadata: workloadMetadata(identity, args),
          spec: { ...spec, jobTemplate: { metadata: { labels: identity.labels }, spec: job } },
        },
        opts,
      ),
    );
    this.name = this.metadata.name;
  }
}

function cronJobSpec(args: CronJobArgs, problems: Problems) {
  const { schedule, timeZone = "Etc/UTC", concurrencyPolicy = "Forbid", suspend } = args;
  const limits = {
    startingDeadlineSeconds: args.startingDeadlineSeconds ?? 300,
    successfulJobsHistoryLimit: args.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: args.failedJobsHistoryLimit ?? 1,
  };
  const wrong = scheduleProblem(schedule);
  if (wrong !== undefined) problems.add("schedule", schedule, wrong);
  const zone = 'must be a time zone, as in "Europe/Berlin"';
  problems.unless(isTimeZone(timeZone), "timeZone", timeZone, zone);
  for (const [key, value] of Object.entries(limits)) {
    problems.unless(Number.isInteger(value) && value >= 0, key, value, "must be a whole number from 0");
  }
  // The controller looks every 10 s: with less time no run would ever start.
  problems.unless(
    limits.startingDeadlineSeconds >= 10,
    "startingDeadlineSeconds",
    limits.startingDeadlineSeconds,
    "must be at least 10",
  );
  return { schedule, timeZone, concurrencyPolicy, ...limits, ...(suspend && { suspend }) };
}
