import * as pulumi from "@pulumi/pulumi";

import { type Problems, UserError } from "../../base/errors.ts";
import { defined } from "../../base/values.ts";
import { goRegex } from "../go-regex.ts";
import { htdigest, htpasswd, isCredentials, NOBODY, type Users, userName } from "./users.ts";
import {
  hasControls,
  headerName,
  objectName,
  rule,
  byteSize,
  urlPathAndQuery,
  webUrl,
} from "../../base/rules/index.ts";

/** Where the users of a password middleware are. One of the three. */
interface UserSource {
  /**
   * Passwords by user name: from secret configuration.
   * @secret
   */
  readonly users?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> | undefined;
  /** Name of a Secret of the same namespace whose only key holds the file. */
  readonly secretName?: pulumi.Input<string> | undefined;
}

interface PasswordAuth extends UserSource {
  /** What the browser shows when it asks for the password. @default "traefik" */
  readonly realm?: string | undefined;
  /** Keeps the password from the app. @default true */
  readonly removeHeader?: boolean | undefined;
  /** Header that tells the app the user's name. */
  readonly headerField?: string | undefined;
}

/** Asks for a user name and password: 401 without. They travel readable, so only over TLS. */
export interface BasicAuth extends PasswordAuth {
  /**
   * Passwords, or their bcrypt hashes, by user name: from secret configuration.
   * @secret
   */
  readonly users?: UserSource["users"];
  /**
   * Content of a file that `htpasswd -B` made, instead of `users`.
   * @secret
   */
  readonly htpasswd?: pulumi.Input<string> | undefined;
}

/** Asks for a user name and password by digest (RFC 7616), which shows the password to nobody on the way. */
export interface DigestAuth extends PasswordAuth {
  /**
   * Passwords by user name, in plain: from secret configuration. The cluster gets the MD5 of user, realm and password. For hashes
   * made elsewhere there is `htdigest`.
   * @secret
   */
  readonly users?: UserSource["users"];
  /**
   * Content of a file that `htdigest` made, instead of `users`.
   * @secret
   */
  readonly htdigest?: pulumi.Input<string> | undefined;
}

/** Asks another service whether a request may pass: it may when the answer is 2xx; else the client gets that answer. */
export interface ForwardAuth {
  /** URL of the service: `http://auth.shop.svc:8080/verify`. */
  readonly address: pulumi.Input<string>;
  /** Headers of the answer that the app is told. */
  readonly authResponseHeaders?: readonly string[] | undefined;
  /** Go regular expression of such headers. */
  readonly authResponseHeadersRegex?: string | undefined;
  /** Headers that the service is told. @default all */
  readonly authRequestHeaders?: readonly string[] | undefined;
  /** Cookies of the answer that the client is given. */
  readonly addAuthCookiesToResponse?: readonly string[] | undefined;
  /** Believes the client's X-Forwarded-* headers; only where the entry point's trustedIPs filter them. @default false */
  readonly trustForwardHeader?: boolean | undefined;
  /** Sends the body along. @default false */
  readonly forwardBody?: boolean | undefined;
  /** Bytes of a body that is sent along; 401 beyond. @default no limit */
  readonly maxBodySize?: number | undefined;
  /** Header that tells the app the user's name. */
  readonly headerField?: string | undefined;
  /** Leaves a `Location` header of the answer as it is, instead of completing a relative one. @default false */
  readonly preserveLocationHeader?: boolean | undefined;
  /** Asks the service by the request's own method, instead of GET. @default false */
  readonly preserveRequestMethod?: boolean | undefined;
  /** Where clients are sent that must sign in first. */
  readonly authSigninURL?: string | undefined;
  /** TLS towards the service. @default the system's authorities, and no certificate of its own */
  readonly tls?: ForwardAuthTls | undefined;
}

/** TLS towards the service that is asked. */
export interface ForwardAuthTls {
  /** Name of a Secret of the same namespace with the certificate authority to trust, `tls.ca` or `ca.crt`. */
  readonly caSecret?: pulumi.Input<string> | undefined;
  /** Name of a Secret of the same namespace with the certificate to show, `tls.crt` and `tls.key`. */
  readonly certSecret?: pulumi.Input<string> | undefined;
}

const DEFAULT_REALM = "traefik";

/** A file of users that a program other than this one made. */
interface AuthFile {
  readonly name: "htpasswd" | "htdigest";
  readonly line: RegExp;
  readonly allowed: string;
}

const HTPASSWD: AuthFile = {
  name: "htpasswd",
  line: /^[^:\s]+:(\$2[aby]\$|\$apr1\$|\{SHA\})\S+$/,
  allowed: "must hold a line name:hash, as htpasswd -B writes it, for each user",
};

const HTDIGEST: AuthFile = {
  name: "htdigest",
  line: /^[^:\s]+:[^:]+:[0-9a-f]{32}$/,
  allowed: "must hold a line name:realm:hash, as htdigest writes it, for each user",
};

/**
 * Content of the Secret that a password middleware needs; `undefined` where it names one of the user's.
 * @param owner what tells this middleware from every other one
 */
export function authFile(
  kind: "basicAuth" | "digestAuth",
  auth: BasicAuth & DigestAuth,
  owner: readonly pulumi.Input<string>[],
): pulumi.Output<string> | undefined {
  const { users, realm = DEFAULT_REALM } = auth;
  if (users !== undefined) {
    const known = pulumi.all([pulumi.output(users) as pulumi.Output<Users>, pulumi.all([...owner])] as const);
    return pulumi.secret(
      known.apply(([names, parts]) =>
        kind === "basicAuth" ? htpasswd(names, parts) : htdigest(names, realm),
      ),
    );
  }
  const file = kind === "basicAuth" ? HTPASSWD : HTDIGEST;
  const given = auth[file.name];
  if (given === undefined) return undefined;
  const checked = pulumi.output(given).apply((content) => {
    if (isCredentials(content, file.line)) return content;
    throw new UserError("middleware", [
      { key: `${kind}.${file.name}`, value: undefined, allowed: file.allowed },
    ]);
  });
  return pulumi.secret(checked);
}

/** The `basicAuth` or `digestAuth` part of a Middleware. */
export const passwordAuthSpec = (auth: PasswordAuth, secret: pulumi.Input<string>): object =>
  defined({
    secret,
    realm: auth.realm,
    removeHeader: auth.removeHeader ?? true,
    headerField: auth.headerField,
  });

function checkSource(auth: PasswordAuth, file: AuthFile, content: unknown, problems: Problems): void {
  const given = [auth.users, auth.secretName, content].filter((source) => source !== undefined);
  problems.unless(given.length === 1, "", undefined, `needs exactly one of users, ${file.name}, secretName`);
  const { users } = auth;
  // What is an output is looked at when it is known, in `authFile`.
  if (users !== undefined && !pulumi.Output.isInstance(users) && !(users instanceof Promise)) {
    problems.unless(Object.keys(users).length > 0, "users", undefined, NOBODY);
    for (const name of Object.keys(users)) problems.check("users", name, userName);
  }
  if (typeof content === "string") {
    problems.unless(isCredentials(content, file.line), file.name, undefined, file.allowed);
  }
  problems.check("secretName", auth.secretName, objectName);
  problems.check("headerField", auth.headerField, headerName);
  problems.check("realm", auth.realm, realm);
}

/** What a browser shows, in quotes. */
const realm = rule<string>(
  'must not be empty, nor have a quotation mark, ":" or control characters',
  (text) => text !== "" && !/[":]/.test(text) && !hasControls(text),
);

export const checkBasicAuth = (auth: BasicAuth, problems: Problems): void => {
  checkSource(auth, HTPASSWD, auth.htpasswd, problems);
};

export const checkDigestAuth = (auth: DigestAuth, problems: Problems): void => {
  checkSource(auth, HTDIGEST, auth.htdigest, problems);
};

/** Traefik answers 401 to every body that is larger, and 0 would refuse them all. */
const bodySize = rule<number>(
  "must be a whole number of bytes of at least 1; leave it out for no limit",
  byteSize.test,
);

export function checkForwardAuth(auth: ForwardAuth, problems: Problems): void {
  problems.check("address", auth.address, webUrl);
  problems.check(
    "authSigninURL",
    auth.authSigninURL,
    rule<string>("must be a URL or a path", (text) => webUrl.test(text) || urlPathAndQuery.test(text)),
  );
  problems.check("authResponseHeadersRegex", auth.authResponseHeadersRegex, goRegex);
  problems.checkEach("authResponseHeaders", auth.authResponseHeaders, headerName);
  problems.checkEach("authRequestHeaders", auth.authRequestHeaders, headerName);
  problems.checkEach("addAuthCookiesToResponse", auth.addAuthCookiesToResponse, headerName);
  problems.check("headerField", auth.headerField, headerName);
  problems.check("maxBodySize", auth.maxBodySize, bodySize);
  const sent = auth.maxBodySize === undefined || auth.forwardBody === true;
  problems.unless(
    sent,
    "maxBodySize",
    auth.maxBodySize,
    "needs forwardBody: true, without which no body is sent",
  );
}
