import type { Problems } from "../base/errors.ts";

/**
 * How a pod ends. On deletion its endpoints are withdrawn and its end begins at the same time: the app sleeps
 * (`preStopSeconds`) until every proxy has stopped sending, then gets SIGTERM and finishes what it has
 * (`shutdownSeconds`). Whatever still runs after `terminationGracePeriodSeconds` is killed.
 */
export interface Termination {
  /**
   * Seconds between the withdrawal of the endpoints and SIGTERM; 0 for none.
   * @default 5 for a pod with ports, else 0
   */
  readonly preStopSeconds?: number | undefined;
  /**
   * Seconds the app takes from SIGTERM until it has answered the requests it had; its own timeout should say the same.
   * @default 20, or what `terminationGracePeriodSeconds` leaves
   */
  readonly shutdownSeconds?: number | undefined;
  /**
   * Seconds until a pod is killed. Rejected unless more than the other two together.
   * @default `preStopSeconds + shutdownSeconds + 5`: 30 for a pod with ports
   */
  readonly terminationGracePeriodSeconds?: number | undefined;
}

/** The seconds of a pod's end, which add up. */
export interface TerminationTimes {
  readonly preStopSeconds: number;
  readonly terminationGracePeriodSeconds: number;
}

const MARGIN_SECONDS = 5;

/** Fills in the defaults and checks that the times add up. */
export function terminationTimes(args: Termination, serves: boolean, problems: Problems): TerminationTimes {
  const { preStopSeconds = serves ? 5 : 0, terminationGracePeriodSeconds: given } = args;
  for (const key of ["preStopSeconds", "shutdownSeconds", "terminationGracePeriodSeconds"] as const) {
    const seconds = args[key];
    const ok = seconds === undefined || (Number.isInteger(seconds) && seconds >= 0);
    problems.unless(ok, key, seconds, "must be a whole number of seconds from 0");
  }
  const shutdownSeconds = args.shutdownSeconds ?? (given === undefined ? 20 : 0);
  const needed = preStopSeconds + shutdownSeconds;
  const grace = given ?? needed + MARGIN_SECONDS;
  problems.unless(
    grace > needed,
    "terminationGracePeriodSeconds",
    grace,
    `must be more than preStopSeconds (${preStopSeconds}) + shutdownSeconds (${shutdownSeconds}), or the pod is killed before it has finished`,
  );
  return { preStopSeconds, terminationGracePeriodSeconds: grace };
}
