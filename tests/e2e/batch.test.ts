import { describe, expect, it } from "vitest";

import { kubectl, objects, useStack, waitFor } from "./harness/index.ts";

const example = useStack("e2e-batch", { program: "examples/batch" });
const namespace = (): Promise<string> => example().namespace();
const log = async (job: string): Promise<string> =>
  kubectl("logs", "--namespace", await namespace(), `job/${job}`);

describe("a Job", () => {
  it("has run when `up` is through", async () => {
    const [job] = await objects("job/migrate", "--namespace", await namespace());
    expect(job?.["status"]).toMatchObject({ succeeded: 1 });
    expect(await log("migrate")).toBe("12 tables\n");
    expect(await example().changes()).toEqual([]);
  });

  it("fails `up` with the last lines of its log", async () => {
    const printed = example().log.length;
    await example().configure({
      // By one stream: two are in no order.
      migration: 'echo "table 13" >&2; echo "no space left for table 14" >&2; exit 3',
    });
    await expect(example().up()).rejects.toThrow();
    const said = example().log.slice(printed);
    expect(said).toContain("[BackoffLimitExceeded]");
    expect(said).toMatch(/\[Error\] table 13\s+no space left for table 14/);
  });

  it("that takes too long is stopped, and fails `up`", async () => {
    const printed = example().log.length;
    await example().configure({ migration: "sleep 3600", activeDeadlineSeconds: 5 });
    await expect(example().up()).rejects.toThrow();
    expect(example().log.slice(printed)).toContain("[DeadlineExceeded]");
  });

  it("runs again after a failure, also when nothing has changed", async () => {
    await example().configure({ migration: "test -e /nowhere", activeDeadlineSeconds: undefined });
    const uid = async (): Promise<string | undefined> =>
      (await objects("job/migrate", "--namespace", await namespace()))[0]?.metadata.uid;
    await expect(example().up()).rejects.toThrow();
    const failed = await uid();
    await expect(example().up()).rejects.toThrow();
    expect(await uid()).not.toBe(failed);

    await example().configure({ migration: "echo mended" });
    await example().up();
    expect(await log("migrate")).toBe("mended\n");
  });
});

describe("a CronJob", () => {
  it("is as the program says, and runs", async () => {
    const [cronJob] = await objects("cronjob/report", "--namespace", await namespace());
    expect(cronJob?.["spec"]).toMatchObject({
      schedule: "0 3 * * mon-fri",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: 2,
    });
    await kubectl("create", "job", "--from", "cronjob/report", "now", "--namespace", await namespace());
    await waitFor(async () => (await log("now")).startsWith("report of "), { message: "the report" });
    await kubectl("delete", "job", "now", "--namespace", await namespace());
  });

  it("with a schedule that is none is refused before anything is changed", async () => {
    const printed = example().log.length;
    await example().configure({ schedule: "0 25 * * *" });
    await expect(example().up()).rejects.toThrow();
    expect(example().log.slice(printed)).toContain('schedule: "0 25 * * *" has a wrong hour: 0 to 23');
    expect(example().log.slice(printed)).not.toContain("at new CronJob");
    await example().configure({ schedule: undefined });
  });

  it("starts runs by its schedule", async () => {
    await example().configure({ schedule: "* * * * *" });
    await example().up();
    const runs = async (): Promise<boolean> =>
      (await objects("jobs", "--namespace", await namespace())).some(({ metadata, ...job }) => {
        const { succeeded = 0 } = job["status"] as { succeeded?: number };
        return metadata.name.startsWith("report-") && succeeded === 1;
      });
    await waitFor(runs, { message: "a run that the schedule started", deadline: 90_000 });
  });
});
