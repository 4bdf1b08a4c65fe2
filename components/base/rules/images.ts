import { dnsName } from "./names.ts";
import { port } from "./numbers.ts";
import { rule } from "./rule.ts";

/** A registry's address: a host, perhaps with a port. */
function isAuthority(text: string): boolean {
  const [, host = "", , number] = /^(\[[0-9a-fA-F:.]+\]|[^:]*)(:(\d{1,5}))?$/.exec(text) ?? [];
  const known = host.startsWith("[") || dnsName.test(host.toLowerCase());
  return known && (number === undefined || port.test(Number(number)));
}

/** A component of a repository's path. */
const COMPONENT = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;

const TAG = /^\w[\w.-]{0,127}$/;

const DIGEST = /^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/;

/** Whether the first component of a reference is a registry's address. Without one, Docker Hub is meant. */
const isHosted = (first: string): boolean => /[.:[]/.test(first) || first === "localhost";

function isRepository(name: string): boolean {
  const [first = "", ...rest] = name.split("/");
  const hosted = rest.length > 0 && isHosted(first);
  const path = hosted ? rest : [first, ...rest];
  return name.length <= 255 && (!hosted || isAuthority(first)) && path.every((part) => COMPONENT.test(part));
}

/**
 * An image's reference.
 * Source: the grammar of {@link https://github.com/distribution/reference/blob/v0.6.0/reference.go}.
 */
export const imageReference = rule<string>(
  'must be an image reference, [registry/]name[:tag][@digest] with the name in lower case, as "registry.example/web:1.4"',
  (text) => {
    const [named = "", digest, ...rest] = text.split("@");
    const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
    const [name, tag] = colon < 0 ? [named] : [named.slice(0, colon), named.slice(colon + 1)];
    return (
      rest.length === 0 &&
      isRepository(name) &&
      (tag === undefined || TAG.test(tag)) &&
      (digest === undefined || DIGEST.test(digest))
    );
  },
);

/** A tag of an image. Source: as of {@link imageReference}. */
export const imageTag = rule<string>(
  'must be a tag: at most 128 letters, digits, _, . and -, as "v3.7.11"',
  (text) => TAG.test(text),
);

/** A digest of an image. Source: as of {@link imageReference}. */
export const imageDigest = rule<string>('must be a digest, "sha256:" and 64 of 0-9 and a-f', (text) =>
  DIGEST.test(text),
);

/** A repository of images, with or without its registry. Source: as of {@link imageReference}. */
export const imageRepository = rule<string>(
  'must be an image\'s name in lower case, without scheme and tag, as "registry.example/web"',
  isRepository,
);

/** A registry's own address: where one signs in. */
export const registryHost = rule<string>("must be a host[:port], without scheme or path", isAuthority);

/** A registry, and the path below which its images are. */
export const registryPrefix = rule<string>(
  "must be a host[:port], perhaps with a path in lower case, without scheme",
  (text) => {
    const [first = "", ...rest] = text.split("/");
    return isAuthority(first) && rest.every((part) => COMPONENT.test(part));
  },
);
