import type { Problems } from "../base/errors.ts";
import { checkAnnotations } from "../base/metadata.ts";
import { nameOf } from "../base/named.ts";
import { dnsLabel, objectName, whole } from "../base/rules/index.ts";

import { checkContainer, type ContainerArgs } from "./container.ts";
import { type PodArgs, serves } from "./pod.ts";
import { portNumber } from "./container-ports.ts";
import { checkScheduling } from "./scheduling.ts";
import { checkTermination } from "./termination.ts";
import { containerVolumes } from "./volumes.ts";

/** A container as it is called, and where its arguments are: nowhere for the main one. */
interface Named {
  readonly name: string;
  readonly path: readonly string[];
  readonly container: ContainerArgs;
}

const named = (args: PodArgs, key: "initContainers" | "sidecars"): Named[] =>
  Object.entries(args[key] ?? {}).map(([name, container]) => ({ name, path: [key, name], container }));

/**
 * Records everything that is wrong with a pod.
 * @param name of the main container
 * @param templates names of the claims that a StatefulSet makes
 */
export function checkPod(
  args: PodArgs,
  { name, templates = [] }: { readonly name: string; readonly templates?: readonly string[] },
  problems: Problems,
): void {
  const inits = named(args, "initContainers");
  const sidecars = named(args, "sidecars");
  const main = { name, path: [], container: args };
  checkContainer(args, templates, problems);
  for (const { name: other, path, container } of [...inits, ...sidecars]) {
    problems.at(...path.slice(0, -1)).checkName(other, dnsLabel);
    problems.unless(other !== name, path.join("."), undefined, "has the name of the main container");
    checkContainer(container, templates, problems.at(...path));
  }
  for (const init of Object.keys(args.initContainers ?? {})) {
    problems.unless(
      !(init in (args.sidecars ?? {})),
      `initContainers.${init}`,
      undefined,
      "is a sidecar too",
    );
  }
  checkVolumeNames([...sidecars, ...inits, main], templates, problems);
  checkNetwork([main, ...sidecars], problems);
  checkTermination(args, serves(args), problems);
  checkScheduling(args, problems);
  problems.checkEach("pullSecrets", args.pullSecrets?.map(nameOf), objectName);
  problems.checkDistinct("pullSecrets", args.pullSecrets?.map(nameOf));
  problems.check("serviceAccountName", args.serviceAccountName, objectName);
  problems.check("fsGroup", args.fsGroup, whole(0));
  checkAnnotations(args.podAnnotations ?? {}, problems.at("podAnnotations"));
}

/** Records volumes that would take each other's place. */
function checkVolumeNames(
  containers: readonly Named[],
  templates: readonly string[],
  problems: Problems,
): void {
  const owners = new Map<string, boolean>();
  for (const { name, path, container } of containers) {
    const { volumes } = containerVolumes(container, path.length === 0 ? "" : name);
    for (const volume of volumes) {
      // Only a directory that containers share has no limit of its own.
      const shared = volume.emptyDir !== undefined && !("sizeLimit" in volume.emptyDir);
      const other = owners.get(volume.name);
      // Kubernetes would mount the claim in the other's place, and of two others the last.
      if (templates.includes(volume.name)) {
        problems.add(`claims.${volume.name}`, undefined, "has the name of another volume of the pod");
      } else if (other !== undefined && !(shared && other)) {
        problems.add(
          "mounts",
          volume.name,
          "is the name of two volumes, made of their paths: change one path",
        );
      }
      owners.set(volume.name, shared);
    }
  }
}

/** Records ports of containers that run at one time: they share one network. */
function checkNetwork(containers: readonly Named[], problems: Problems): void {
  const numbers = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { name: owner, path, container } of containers) {
    for (const [name, port] of Object.entries(container.ports ?? {})) {
      const own = problems.at(...path, "ports");
      const number = `${portNumber(port)}/${(typeof port === "object" && port.protocol) || "TCP"}`;
      const [taken, called] = [numbers.get(number), names.get(name)];
      if (taken !== undefined && taken !== owner) {
        own.add(name, portNumber(port), `is a port of the container ${taken}, too: a pod has one network`);
      } else if (called !== undefined && called !== owner) {
        own.add(name, portNumber(port), `is the name of a port of the container ${called}, too`);
      }
      numbers.set(number, owner);
      names.set(name, owner);
    }
  }
}
