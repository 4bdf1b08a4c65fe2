import { describe, expect, it } from "vitest";

import { CronJob, type CronJobArgs, Job, type JobArgs } from "../../../components/workload/index.ts";
import { broken } from "../../../components/base/rules/index.ts";
import { schedule as scheduleRule, timeZone } from "../../../components/workload/schedule.ts";
import { record } from "../mocks.ts";

const args = { stack: { project: "slipway", stack: "dev" }, namespace: "apps", image: "tool:1" };
const job = (extra: Partial<JobArgs> = {}) => record(() => new Job("migrate", { ...args, ...extra }));
const cronJob = (extra: Partial<CronJobArgs> = {}) =>
  record(() => new CronJob("report", { ...args, schedule: "0 3 * * *", ...extra }));

describe("Job", () => {
  it("fails with its log, keeps it, and runs again after a failure", async () => {
    const { inputs, customTimeouts } = (await job({ command: ["migrate"], activeDeadlineSeconds: 60 })).one(
      "kubernetes:batch/v1:Job",
    );
    expect(customTimeouts).toMatchObject({ create: "90s", update: "90s" });
    expect(inputs).toMatchObject({
      metadata: { name: "migrate", annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 60,
        completions: 1,
        parallelism: 1,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ command: ["migrate"], terminationMessagePolicy: "FallbackToLogsOnError" }],
          },
        },
      },
    });
    expect(inputs.spec).not.toHaveProperty("selector");
  });

  it("refuses what makes no sense for it", async () => {
    await expect(
      job({ backoffLimit: -1, activeDeadlineSeconds: 0, ports: { http: 80 }, probes: { liveness: "/" } }),
    ).rejects.toThrow(
      [
        "job migrate:",
        "  backoffLimit: -1 must be a whole number from 0",
        "  activeDeadlineSeconds: 0 must be a whole number from 1",
        '  probes.liveness: "/" is for programs that serve: a Job ends by itself',
      ].join("\n"),
    );
  });
});

describe("CronJob", () => {
  it("makes Jobs by a schedule", async () => {
    const { inputs } = (await cronJob({ timeZone: "Europe/Berlin", suspend: true })).one(
      "kubernetes:batch/v1:CronJob",
    );
    expect(inputs.spec).toMatchObject({
      schedule: "0 3 * * *",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      suspend: true,
      jobTemplate: {
        metadata: { labels: { "app.kubernetes.io/name": "report" } },
        spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never" } } },
      },
    });
  });

  it("names every mistake at once", async () => {
    const wrong = {
      objectName: "a".repeat(53),
      schedule: "0 25 * * *",
      timeZone: "Berlin",
      startingDeadlineSeconds: 5,
      failedJobsHistoryLimit: -1,
      backoffLimit: 0.5,
    };
    await expect(cronJob(wrong)).rejects.toThrow(
      [
        "cron job report:",
        `  name: "${"a".repeat(53)}" must have at most 52 characters`,
        '  schedule: "0 25 * * *" has a wrong hour: 0 to 23, a-b, a,b, * or any with /step',
        '  timeZone: "Berlin" must be a time zone, as in "Europe/Berlin"',
        "  failedJobsHistoryLimit: -1 must be a whole number from 0",
        "  startingDeadlineSeconds: 5 must be at least 10",
        "  backoffLimit: 0.5 must be a whole number from 0",
      ].join("\n"),
    );
  });
});

describe("schedule", () => {
  it.each([
    "* * * * *",
    "*/5 0-12/2 1,15 jan-mar MON-FRI",
    "0 0 31 12 6",
    "5/15 * ? * ?",
    "@hourly",
    "@midnight",
  ])("takes %s", (schedule) => {
    expect(broken(scheduleRule, schedule)).toBeUndefined();
  });

  it.each([
    [
      "0 3 * *",
      "must have the five fields minute, hour, day of month, month, day of week, or be one of @yearly",
    ],
    ["60 * * * *", "has a wrong minute: 0 to 59"],
    ["* * 0 * *", "has a wrong day of month: 1 to 31"],
    ["* * * 13 *", "has a wrong month: 1 to 12 or jan to dec"],
    ["* * * * 7", "has a wrong day of week: 0 to 6 or sun to sat"],
    ["30-10 * * * *", "has a wrong minute"],
    ["*/0 * * * *", "has a wrong minute"],
    ["1,,2 * * * *", "has a wrong minute"],
    ["a * * * *", "has a wrong minute"],
    ["TZ=UTC 0 3 * * *", "must not name a time zone"],
    ["@reboot", "must have the five fields"],
  ])("refuses %s", (schedule, message) => {
    expect(broken(scheduleRule, schedule)).toContain(message);
  });

  it("knows time zones", () => {
    expect(["Etc/UTC", "Europe/Berlin", "Berlin", "Local", ""].map(timeZone.test)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
