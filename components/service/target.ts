import type { Problems } from "../base/errors.ts";
import { selectorLabels, type StringMap } from "../base/labels.ts";
import { type NamespaceRef, type Place, placeBeside, placeOf } from "../base/place.ts";
import type { StackInfo } from "../base/stack.ts";
import { portProtocol, portNumber } from "../workload/container-ports.ts";
import type { Workload } from "../workload/workload.ts";
import { portEntries, type ServicePort, targetPortOf } from "./service-ports.ts";
import { type ServiceSpecArgs, targetBy } from "./spec.ts";

/** What a Service is told of the pods that answer. */
interface TargetArgs extends ServiceSpecArgs {
  readonly target?: Workload | string | undefined;
  readonly selector?: StringMap | undefined;
  readonly namespace?: NamespaceRef | undefined;
  readonly stack?: StackInfo | undefined;
  readonly app?: string | undefined;
}

/** The pods that answer, and where they are. */
interface Pods {
  readonly place: Place;
  readonly app: string;
  readonly selector: StringMap;
  /** The component that makes them. */
  readonly target: Workload | undefined;
}

/** The pods of a Service called `name`, whose arguments have been checked. */
export function targetOf(name: string, args: TargetArgs): Pods {
  const { target, selector, namespace = "" } = args;
  if (typeof target === "object") {
    const { app = target.app } = args;
    return { place: placeBeside(args, target), app, selector: target.selector, target };
  }
  const place = placeOf({ ...args, namespace });
  const { app = target ?? name } = args;
  return { place, app, selector: selector ?? selectorLabels(place.stack, target ?? app), target: undefined };
}

/** Records what is wrong with whose pods answer. */
export function checkTarget(args: TargetArgs, problems: Problems): void {
  const { target, selector, endpoints, exposure, namespace } = args;
  const externalName = exposure?.kind === "externalName" ? exposure : undefined;
  const given = Object.entries({ target, selector, endpoints, externalName }).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  problems.unless(
    given.length === 1,
    "target",
    given.length === 0 ? undefined : given,
    "must have exactly one of target, selector, endpoints and the exposure externalName",
  );
  if (typeof target !== "object") {
    problems.unless(
      namespace !== undefined,
      "namespace",
      undefined,
      "is required without a component as target",
    );
    return;
  }
  problems.unless(namespace === undefined, "namespace", undefined, "is the target's: leave it out");
  checkTargetPorts(args, target, problems);
}

/** Clients of a headless Service reach the pods themselves, at any port: its own are there for those who ask DNS for them. */
const isInformation = ({ exposure }: TargetArgs, { targetPort }: ServicePort): boolean =>
  exposure?.kind === "headless" && targetPort === undefined;

/** A port that no container has would take connections and lead them nowhere. */
function checkTargetPorts(args: TargetArgs, { ports }: Workload, problems: Problems): void {
  const there = Object.entries(ports).map(([name, port]) => ({
    name,
    number: portNumber(port),
    protocol: portProtocol(port),
  }));
  const list = there.map(({ name, number, protocol }) => `${name} (${number}/${protocol})`).join(", ");
  for (const [name, port] of portEntries(args.ports ?? {})) {
    if (isInformation(args, port)) continue;
    const wanted = targetPortOf(name, port, targetBy(args));
    const protocol = port.protocol ?? "TCP";
    const leads = there.some(
      (container) =>
        (container.name === wanted || container.number === wanted) && container.protocol === protocol,
    );
    problems.unless(
      leads,
      `ports.${name}.targetPort`,
      wanted,
      `must be a ${protocol} port of the target, which has: ${list || "none"}`,
    );
  }
}
