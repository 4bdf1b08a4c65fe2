import { createHash } from "node:crypto";

import bcrypt from "bcryptjs";

import { type Problem, UserError } from "../../base/errors.ts";
import { rule } from "../../base/rules/index.ts";

/** Passwords, or what `htpasswd -B` made of them, by user name. */
export type Users = Readonly<Record<string, string>>;

/**
 * Work of a hash, as a power of two. Traefik hashes on every request, so more would be felt: 10 is some 50 ms of a core,
 * and the least that OWASP recommends.
 */
const COST = 10;

/** What is said of an empty list of users. */
export const NOBODY = "must hold at least one user: Traefik drops a route that nobody may use";

/** Bytes of a password that bcrypt hashes. */
const BCRYPT_BYTES = 72;

const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/**
 * A password's bcrypt hash, the same on every run: with a salt by chance each preview would show a change. A salt has to be
 * unique, not secret, so it is made from whose password it is; it must not be made from the password, of which it would be
 * a second and much cheaper hash.
 * @param owner what tells this user from every other one: project, stack, namespace, middleware, name
 */
function bcryptHash(password: string, owner: readonly string[]): string {
  const salt = createHash("sha256").update(JSON.stringify(owner)).digest().subarray(0, 16);
  return bcrypt.hashSync(
    password,
    `$2b$${String(COST).padStart(2, "0")}$${bcrypt.encodeBase64([...salt], 16)}`,
  );
}

/** Content of an htpasswd file. A password that is a bcrypt hash already stays as it is. */
export function htpasswd(users: Users, owner: readonly string[]): string {
  checkUsers(users, "basicAuth.users", BCRYPT_BYTES);
  return lines(users, (user, password) =>
    BCRYPT.test(password) ? `${user}:${password}` : `${user}:${bcryptHash(password, [...owner, user])}`,
  );
}

/** Content of an htdigest file. The hash is MD5 because the protocol says so: use it over TLS only. */
export function htdigest(users: Users, realm: string): string {
  checkUsers(users, "digestAuth.users", Number.POSITIVE_INFINITY);
  return lines(users, (user, password) => {
    const hash = createHash("md5").update(`${user}:${realm}:${password}`).digest("hex");
    return `${user}:${realm}:${hash}`;
  });
}

const lines = (users: Users, line: (user: string, password: string) => string): string =>
  Object.entries(users)
    .map(([user, password]) => `${line(user, password)}\n`)
    .join("");

/**
 * Name of a user, whom a colon ends in the file.
 * Source: {@link https://www.rfc-editor.org/rfc/rfc7617#section-2}.
 */
export const userName = rule<string>("must be a name without colons and spaces", (text) =>
  /^[^:\s]+$/.test(text),
);

/** The password itself never becomes part of a message. */
function checkUsers(users: Users, key: string, mostBytes: number): void {
  const problems: Problem[] = Object.entries(users).flatMap(([user, password]) => [
    ...(userName.test(user) ? [] : [{ key, value: user, allowed: userName.allowed as string }]),
    ...(password === "" ? [{ key: `${key}.${user}`, value: undefined, allowed: "must not be empty" }] : []),
    ...(Buffer.byteLength(password) <= mostBytes
      ? []
      : [
          {
            key: `${key}.${user}`,
            value: undefined,
            allowed: `must be at most ${mostBytes} bytes: bcrypt ignores the rest`,
          },
        ]),
  ]);
  if (Object.keys(users).length === 0) {
    problems.push({ key, value: undefined, allowed: NOBODY });
  }
  if (problems.length > 0) throw new UserError("middleware", problems);
}

/** Whether the content of a credentials file names somebody, and nothing else. */
export function isCredentials(content: string, line: RegExp): boolean {
  const users = content.split("\n").filter((text) => text.trim() !== "");
  return users.length > 0 && users.every((user) => line.test(user.trim()));
}
