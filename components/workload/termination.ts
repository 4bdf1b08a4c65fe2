import type { types } from "@pulumi/kubernetes";

import type { Problems } from "../base/errors.ts";
import { seconds } from "../base/rules/index.ts";

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
   * Program and its arguments, run in the main container before SIGTERM, in place of the sleep: it has to last as long itself. It is
   * given `preStopSeconds`. Rejected with `preStopSeconds` 0.
   * Source: {@link https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/}.
   * @default a sleep
   */
  readonly preStopCommand?: readonly string[] | undefined;
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

/** The end of a pod, as its template says it. */
export interface TerminationParts {
  /** What its main container has for it. */
  readonly container: Pick<types.input.core.v1.Container, "lifecycle">;
  readonly terminationGracePeriodSeconds: number;
}

const MARGIN_SECONDS = 5;

const timesOf = (args: Termination, serves: boolean) => {
  const { preStopSeconds = serves ? 5 : 0, terminationGracePeriodSeconds: given } = args;
  const shutdownSeconds = args.shutdownSeconds ?? (given === undefined ? 20 : 0);
  const grace = given ?? preStopSeconds + shutdownSeconds + MARGIN_SECONDS;
  return { preStopSeconds, shutdownSeconds, terminationGracePeriodSeconds: grace };
};

/** The end of a pod, with the defaults where nothing is given. */
export function terminationOf(args: Termination, serves: boolean): TerminationParts {
  const { preStopSeconds, terminationGracePeriodSeconds } = timesOf(args, serves);
  const { preStopCommand: command } = args;
  const preStop =
    command === undefined ? { sleep: { seconds: preStopSeconds } } : { exec: { command: [...command] } };
  return { container: preStopSeconds > 0 ? { lifecycle: { preStop } } : {}, terminationGracePeriodSeconds };
}

/** Records times that do not add up. */
export function checkTermination(args: Termination, serves: boolean, problems: Problems): void {
  for (const key of ["preStopSeconds", "shutdownSeconds", "terminationGracePeriodSeconds"] as const) {
    problems.check(key, args[key], seconds);
  }
  const { preStopSeconds, shutdownSeconds, terminationGracePeriodSeconds: grace } = timesOf(args, serves);
  const { preStopCommand } = args;
  problems.unless(preStopCommand?.length !== 0, "preStopCommand", preStopCommand, "must name a program");
  problems.unless(
    preStopCommand === undefined || preStopSeconds > 0,
    "preStopSeconds",
    preStopSeconds,
    "must be the seconds that preStopCommand takes",
  );
  problems.unless(
    grace > preStopSeconds + shutdownSeconds,
    "terminationGracePeriodSeconds",
    grace,
    `must be more than preStopSeconds (${preStopSeconds}) + shutdownSeconds (${shutdownSeconds}), or the pod is killed before it has finished`,
  );
}
