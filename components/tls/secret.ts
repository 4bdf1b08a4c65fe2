import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { transformed, type Transform } from "../base/transform.ts";
import { base64 } from "../base/values.ts";

/** A Secret of type `kubernetes.io/tls`: the certificate, with those that signed it, and its key, which is secret whatever it came from. */
export function tlsSecret(
  name: string,
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  pair: { readonly certificate: pulumi.Output<string>; readonly key: pulumi.Output<string> },
  transform: Transform<k8s.core.v1.SecretArgs> | undefined,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const data = {
    "tls.crt": pair.certificate.apply(base64),
    "tls.key": pulumi.secret(pair.key).apply(base64),
  };
  const args = { metadata, type: "kubernetes.io/tls", data };
  return new k8s.core.v1.Secret(name, ...transformed<k8s.core.v1.SecretArgs>(transform, args, opts));
}
