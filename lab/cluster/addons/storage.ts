import { mkdir } from "node:fs/promises";

import { importBinaryImage, type ProgramFile } from "../binary-image.ts";
import { imageRepository } from "../control-plane-images.ts";
import { apply, kubectl } from "../control-plane.ts";
import { node } from "../layout.ts";
import { sha256OfFile } from "../oci-layout.ts";
import { waitFor } from "../wait.ts";
import { accountWith, labelsOf, namespaceOf, onePod } from "./program.ts";

const name = "volume-provisioner";

/** What storage classes call it by. */
const provisioner = `slipway.dev/${name}`;

/**
 * Gives the cluster volumes: a default StorageClass, and the program that makes a directory of the node for each claim.
 *
 * @param program finds the binary `volume-provisioner`
 */
export async function installStorage(program: ProgramFile): Promise<void> {
  const binary = program(name);
  const image = `${imageRepository}/${name}:${(await sha256OfFile(binary)).slice(0, 16)}`;
  await importBinaryImage(image, binary);
  // The way to the volumes is root's; inside, a pod's own user may be any that the machine knows too.
  await mkdir(node.volumes, { recursive: true, mode: 0o700 });
  await apply(storageManifests(image, node.volumes));
  await waitFor(() => runs(image), {
    what: "volumes are provisioned",
    deadline: 60,
    interval: 500,
    advice: `Look at: kubectl --namespace ${name} describe pods`,
  });
}

/** Whether a pod of this very image is up, and not one of an earlier build. */
async function runs(image: string): Promise<boolean> {
  const template = `{{range .items}}{{range .status.containerStatuses}}{{.image}} {{.ready}}{{"\\n"}}{{end}}{{end}}`;
  const pods = await kubectl(["get", "pods", `--namespace=${name}`, `--output=go-template=${template}`]);
  return pods.split("\n").includes(`${image} true`);
}

/**
 * @param image holds the program
 * @param directory where volumes lie on the node
 */
export function storageManifests(image: string, directory: string): object[] {
  return [
    // The node's directories are the provisioner's work; a lesser level forbids them.
    namespaceOf(name, "privileged"),
    ...accountWith(name, [
      rule("", ["persistentvolumes"], [...read, "create", "patch", "delete"]),
      rule("", ["persistentvolumeclaims"], read),
      rule("storage.k8s.io", ["storageclasses"], read),
      rule("", ["events"], ["create", "patch"]),
    ]),
    onePod(name, podSpec(image, directory)),
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        // As kind and minikube call theirs.
        name: "standard",
        labels: labelsOf(name),
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner,
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    },
  ];
}

const read = ["get", "list", "watch"];

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): object => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

function podSpec(image: string, directory: string): object {
  return {
    serviceAccountName: name,
    // Volumes are where it runs, and have to stay there.
    nodeSelector: { "kubernetes.io/hostname": node.name },
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name,
        image,
        args: [`--provisioner=${provisioner}`, `--directory=${directory}`, "--node=$(NODE)"],
        env: [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
        securityContext: {
          runAsUser: 0,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          // What pods leave in a volume is their users', and often theirs alone.
          capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", "FOWNER"] },
        },
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: "volumes", mountPath: directory }],
      },
    ],
    volumes: [{ name: "volumes", hostPath: { path: directory, type: "Directory" } }],
  };
}
