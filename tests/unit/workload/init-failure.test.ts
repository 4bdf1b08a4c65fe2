import { expect, it } from "vitest";

import { describeStatus, unfinished } from "../../../components/workload/init-failure.ts";

it("finds the container that the provider names", () => {
  const errors = `3 errors occurred:
	* Minimum number of Pods to consider the application live was not attained
	* [Pod apps/web-c9699f558-9pcrx]: containers with incomplete status: [migrate seed][PodInitializing] `;
  expect(unfinished(errors)).toEqual({
    namespace: "apps",
    pod: "web-c9699f558-9pcrx",
    container: "migrate",
  });
  expect(unfinished("[Pod apps/web]: containers with unready status: [web]")).toBeUndefined();
});

it("says why it waits and what it wrote last", () => {
  const terminated = { reason: "Error", exitCode: 3, message: "no space left\n" };
  expect(
    describeStatus({
      name: "a",
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      lastState: { terminated },
    }),
  ).toBe("[CrashLoopBackOff] back-off 10s\nended with exit code 3 (Error)\nno space left");
  expect(describeStatus({ name: "a", state: { terminated } })).toBe(
    "ended with exit code 3 (Error)\nno space left",
  );
  expect(describeStatus({ name: "a" })).toBe("still runs");
});
