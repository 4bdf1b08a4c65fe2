import { expect, it } from "vitest";

import { refused } from "../../../components/workload/refusal-failure.ts";

const event = (name: string, message: string) => ({ involvedObject: { name }, message });
const quota = (used: number): string =>
  `exceeded quota: slipway, requested: pods=1, used: pods=${used}, limited: pods=2`;

it("repeats the API server's last words of a workload's own pods", () => {
  const forbidden = (used: number) => `Error creating: pods "web-5d4-x1" is forbidden: ${quota(used)}`;
  expect(
    refused("shop/web", "web", [
      event("web-5d4", forbidden(1)),
      event("web-5d4", forbidden(2)),
      event("web-db-77", "no"),
    ]),
  ).toBe(`pods of shop/web are refused: ${quota(2)}`);
  expect(refused("shop/web", "web", [event("web", "no room")])).toBe("pods of shop/web are refused: no room");
});

it("has nothing to say where none was refused", () => {
  expect(refused("shop/web", "web", [event("other-5d4", "no")])).toBeUndefined();
});
