import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { Provider } from "oidc-provider";

import { lab } from "../../../lab/cluster/addresses.ts";

const certificates = join(import.meta.dirname, "../../data/certificates");

/** Somebody whom the provider knows. The password may be any. */
export interface Person {
  readonly groups: readonly string[];
}

/** What a client of the provider is registered with. */
interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** By the name that they sign in by; their address is `<name>@example.org`. */
  readonly people: Readonly<Record<string, Person>>;
}

/** A certified OpenID provider, over https, on this machine's end of the lab's link, where pods and browsers reach it. */
export class OpenIdProvider {
  readonly issuer: string;
  /** What signed its certificate, PEM. */
  readonly ca: string;
  readonly #server: Server;

  private constructor(issuer: string, ca: string, server: Server) {
    this.issuer = issuer;
    this.ca = ca;
    this.#server = server;
  }

  static async start({
    clientId,
    clientSecret,
    redirectUris,
    people,
  }: Registration): Promise<OpenIdProvider> {
    const [cert, key] = ["provider.pem", "provider.key"].map((name) =>
      readFileSync(join(certificates, name), "utf8"),
    );
    const server = createServer({ cert, key });
    server.listen(0, lab.hostAddress);
    await once(server, "listening");
    const issuer = `https://${lab.hostAddress}:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] }],
      pkce: { required: () => true },
      cookies: { keys: [randomBytes(32).toString("hex")] },
      scopes: ["openid", "email", "profile", "groups"],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
      findAccount: (_context, name) => {
        const person = people[name];
        if (person === undefined) return undefined;
        const claims = { sub: name, name, email: `${name}@example.org`, email_verified: true };
        return { accountId: name, claims: () => ({ ...claims, groups: [...person.groups] }) };
      },
    });
    const answer = provider.callback();
    server.on("request", (request, response) => void answer(request, response));
    return new OpenIdProvider(issuer, cert ?? "", server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
