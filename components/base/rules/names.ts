import { all, rule } from "./rule.ts";

/**
 * RFC 1123 label, as Kubernetes wants for namespaces, containers and volumes.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names}.
 */
export const dnsLabel = rule<string>(
  "must be a DNS label: a-z, 0-9 and -, at most 63 characters, no - at the ends",
  (text) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text),
);

/**
 * RFC 1035 label, as Kubernetes wants for Services: their names become variables, which begin with a letter.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names}.
 */
export const serviceName = all(
  dnsLabel,
  rule<string>("must begin with a letter, as names of Services do", (text) => /^[a-z]/.test(text)),
);

/** A host's name: labels joined by dots. Source: {@link https://www.rfc-editor.org/rfc/rfc1123#section-2.1}. */
export const dnsName = rule<string>(
  "must be a DNS name: labels of a-z, 0-9 and - joined by dots, at most 253 characters",
  (text) => text.length <= 253 && text.split(".").every((label) => dnsLabel.test(label)),
);

/**
 * Name of most Kubernetes objects, an RFC 1123 subdomain, whose parts may be longer than a host's.
 * Source: {@link https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names}.
 */
export const objectName = rule<string>(
  "must be the name of an object: a-z, 0-9, - and ., at most 253 characters, a letter or digit at the ends",
  (text) =>
    text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
);

/**
 * Name of a port, an IANA service name.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc6335#section-5.1}.
 */
export const portName = rule<string>(
  "must be a port name: at most 15 of a-z, 0-9 and single -, with a letter, no - at the ends",
  (text) => text.length <= 15 && /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(text),
);

/**
 * Name of an environment variable.
 * Source: `IsEnvVarName` of {@link https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation}.
 */
export const variableName = rule<string>(
  "must be a variable name: letters, digits, -, _ and ., not beginning with a digit",
  (text) => /^(?!\.\.?$|\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(text),
);

/**
 * Key of a ConfigMap or Secret.
 * Source: `IsConfigMapKey` of {@link https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation}.
 */
export const dataKey = rule<string>(
  "must be a key of a ConfigMap or Secret: letters, digits, -, _ and ., at most 253 characters, not beginning with ..",
  (text) => text.length <= 253 && /^(?!\.$|\.\.)[-._a-zA-Z0-9]+$/.test(text),
);
