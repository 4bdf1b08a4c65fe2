import { z } from "zod";

import { resources } from "./pods.ts";
import { count, filled, key, path, port, positive, quantity, required, seconds, strings } from "./values.ts";

const keyRef = z.strictObject({
  name: required(filled, "Name of the ConfigMap or Secret."),
  key: required(filled, "Key in it."),
  optional: key(z.boolean(), "Whether the container starts without it.", "false"),
});

const envSource = z.strictObject({
  secretKeyRef: key(keyRef, "Key of a Secret."),
  configMapKeyRef: key(keyRef, "Key of a ConfigMap."),
  fieldRef: key(filled, "Field of the pod: `metadata.name`."),
  resourceFieldRef: key(filled, "Request or limit of the container: `limits.memory`."),
});

/** Environment variables by name. */
export const env = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), envSource]));

const portRef = z.union([port, filled]);

const probe = z.strictObject({
  httpGet: key(
    z.strictObject({
      path: required(path, "Path."),
      port: key(portRef, "Port, by name or number.", "the first port"),
      scheme: key(z.enum(["HTTP", "HTTPS"]), "Scheme.", "HTTP"),
      headers: key(z.record(z.string(), z.string()), "Headers."),
    }),
    "Healthy when GET answers 200 to 399.",
  ),
  tcpSocket: key(
    z.strictObject({ port: key(portRef, "Port.", "the first port") }),
    "Healthy when the port takes a connection.",
  ),
  exec: key(
    z.strictObject({ command: required(strings, "Program and its arguments.") }),
    "Healthy when the command exits with 0.",
  ),
  grpc: key(
    z.strictObject({
      port: key(portRef, "Port.", "the first port"),
      service: key(filled, "Service to ask for.", "the whole server"),
    }),
    "Healthy when the gRPC health service says so.",
  ),
  initialDelaySeconds: key(seconds, "Seconds before the first look.", "0"),
  periodSeconds: key(positive, "Seconds between looks.", "10 for liveness, 2 for readiness, 1 for startup"),
  timeoutSeconds: key(positive, "Seconds an answer may take.", "1"),
  successThreshold: key(positive, "Successes in a row after a failure.", "1"),
  failureThreshold: key(positive, "Failures in a row before it acts.", "3; 60 for startup"),
});

const probeOrPath = z.union([path, probe]);

/** The checks of a container. */
export const probes = z.strictObject({
  startup: key(
    z.union([z.literal(false), path, probe]),
    "Holds the others back until it has succeeded.",
    "what liveness asks",
  ),
  readiness: key(probeOrPath, "While it fails the pod gets no traffic."),
  liveness: key(probeOrPath, "When it fails the container is restarted."),
});

const writable = z.array(
  z.union([
    path,
    z.strictObject({
      path: required(path, "Absolute path."),
      medium: key(z.enum(["disk", "memory"]), "Where it lies.", "disk"),
      sizeLimit: key(quantity, "The pod is evicted when there is more in it.", "128Mi"),
    }),
  ]),
);

const mounts = z.record(
  z.string(),
  z.strictObject({
    configMap: key(filled, "Name of a ConfigMap whose keys become files."),
    secret: key(filled, "Name of a Secret whose keys become files."),
    claim: key(filled, "Name of a PersistentVolumeClaim."),
    shared: key(filled, "Name of an empty directory that all containers of the pod see."),
    items: key(z.record(z.string(), z.string()), "Files by key.", "every key, under its own name"),
    subPath: key(filled, "A single file or directory of the volume."),
    readOnly: key(z.boolean(), "Whether it cannot be written to.", "true for ConfigMaps and Secrets"),
    optional: key(z.boolean(), "Whether the pod starts without it.", "false"),
  }),
);

/** A port of a container. */
export const containerPort = z.union([
  port,
  z.strictObject({
    port: required(port, "Port number."),
    protocol: key(z.enum(["TCP", "UDP", "SCTP"]), "Protocol.", "TCP"),
  }),
]);

/** What every container may be given besides its image. */
export const containerKeys = {
  imagePullPolicy: key(
    z.enum(["Always", "IfNotPresent", "Never"]),
    "When the image is pulled.",
    "IfNotPresent",
  ),
  command: key(z.array(z.string()), "Program in place of the image's entry point."),
  args: key(z.array(z.string()), "Arguments in place of the image's."),
  env: key(env, "Environment variables by name: a value, or where it comes from."),
  resources: key(resources, "Requests and limits.", "50m to 500m CPU, 64Mi to 256Mi memory"),
  probes: key(probes, "Health checks; a string is a path asked by GET."),
  writable: key(writable, "Directories the container may write to; everything else is read-only."),
  mounts: key(mounts, "ConfigMaps, Secrets and volumes by the path they are mounted at."),
  runAsUser: key(positive, "User the program runs as, not 0.", "the image's"),
  runAsGroup: key(positive, "Group the program runs as, not 0.", "the image's"),
  readOnlyRootFilesystem: key(z.boolean(), "Whether the root file system is read-only.", "true"),
};

/** A container beside the main one. */
export const container = z
  .strictObject({
    image: required(filled, "Image reference."),
    ports: key(z.record(z.string(), containerPort), "Ports by name."),
    ...containerKeys,
  })
  .meta({ as: "a container, with the app's own keys from `image` to `readOnlyRootFilesystem`" });

/** How a pod ends. */
export const terminationKeys = {
  preStopSeconds: key(count, "Seconds a pod goes on serving after its end began.", "5"),
  shutdownSeconds: key(count, "Seconds the app takes to finish what it has.", "20"),
  terminationGracePeriodSeconds: key(
    count,
    "Seconds until a pod is killed; more than both together.",
    "their sum and 5",
  ),
};
