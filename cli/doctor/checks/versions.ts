import type { Diagnosis } from "../diagnosis.ts";
import type { Snapshot } from "../snapshot.ts";

/** The first Kubernetes that has `preStop.sleep` switched on by itself; before, pods are ended while they are still sent requests. */
const KUBERNETES = [1, 30] as const;

/** The major version whose routes and values these are. */
const TRAEFIK = 3;

const numbers = (version: string): readonly number[] =>
  (/(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)?.slice(1) ?? []).map((part) => Number(part || 0));

const isOlder = (version: string, than: readonly number[]): boolean => {
  const own = numbers(version);
  const index = than.findIndex((part, place) => (own[place] ?? 0) !== part);
  return own.length > 0 && index >= 0 && (own[index] ?? 0) < (than[index] ?? 0);
};

interface PodImages {
  readonly containers: readonly { readonly image: string }[];
}

export function checkVersions({ kubernetes, pulumi, objects, groups }: Snapshot): readonly Diagnosis[] {
  const found: Diagnosis[] = [];
  const add = (severity: Diagnosis["severity"], about: string, message: string, advice: string): void => {
    found.push({ severity, check: "versions", about, message, advice });
  };
  if (isOlder(kubernetes, KUBERNETES))
    add(
      "warning",
      `Kubernetes ${kubernetes}`,
      `is older than ${KUBERNETES.join(".")}: preStop.sleep is not there`,
      "Rollouts may lose requests; upgrade the cluster.",
    );
  if (pulumi.state !== undefined && isOlder(pulumi.here, numbers(pulumi.state)))
    add(
      "warning",
      `Pulumi ${pulumi.here}`,
      `is older than ${pulumi.state}, which wrote the state`,
      "Upgrade the CLI here: it may not read all that a newer one wrote.",
    );
  const images = (objects["Pod"] ?? [])
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "traefik")
    .flatMap((pod) => (pod["spec"] as PodImages).containers.map(({ image }) => image));
  for (const image of new Set(images)) {
    const [major] = numbers(image.split(":").at(-1) ?? "");
    if (major !== undefined && major !== TRAEFIK)
      add(
        "error",
        image,
        `is not Traefik ${TRAEFIK}`,
        "Its routes and middlewares are another API: set traefik.image.tag back.",
      );
  }
  if (images.length > 0 && !groups.includes("traefik.io"))
    add(
      "error",
      "the cluster",
      "does not serve traefik.io: Traefik's CustomResourceDefinitions are missing",
      "Say traefik: {crds: install}, or install them: docs/traefik.md.",
    );
  if (groups.includes("traefik.containo.us"))
    add(
      "warning",
      "the cluster",
      "still serves traefik.containo.us, of Traefik 2",
      "Routes of that group are not served by Traefik 3: they belong to traefik.io.",
    );
  return found;
}

export const checkHosts = ({ hosts }: Snapshot): readonly Diagnosis[] =>
  Object.entries(hosts)
    .filter(([, found]) => !found)
    .map(([host]) => ({
      severity: "warning",
      check: "hosts",
      about: host,
      message: "is in no DNS that this machine asks",
      advice: "Use curl --resolve, or add it to /etc/hosts: `pulumi stack output readme` says how.",
    }));
