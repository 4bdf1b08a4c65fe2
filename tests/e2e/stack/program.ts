import { type Answer, Client, type Config, NODE_PORTS, type TestStack, waitFor } from "../harness/index.ts";

/** Configuration that lets the program run beside other stacks: node ports of the suite's own. */
export const beside = (suite: keyof typeof NODE_PORTS): Config => ({
  traefik: {
    web: { nodePort: NODE_PORTS[suite].http },
    websecure: { nodePort: NODE_PORTS[suite].https },
  },
});

/** Where clients reach a stack, and a client that trusts it. */
export interface Published {
  readonly urls: Readonly<Record<string, string>>;
  readonly endpoint: { readonly address: string; readonly http: number; readonly https: number };
  readonly ca: string;
  readonly client: Client;
}

/** Reads the stack's outputs, and waits until Traefik serves every URL: it learns of a route some time after it is made. */
export async function published(stack: TestStack): Promise<Published> {
  const urls = await stack.output<Published["urls"]>("urls");
  const endpoint = await stack.output<Published["endpoint"]>("endpoint");
  const ca = await stack.output<string>("caCertificate");
  const client = new Client({ address: endpoint.address, ca });
  for (const url of Object.values(urls)) await answering(client, url);
  return { urls, endpoint, ca, client };
}

/** Waits until a URL answers with 200, or with a redirect of the app's own. */
export const answering = (client: Client, url: string): Promise<Answer> =>
  waitFor(
    async () => {
      const answer = await client.get(url);
      return answer.status < 400 && answer;
    },
    { message: `an answer from ${url}` },
  );

/** PEM private keys in a text, plain or in base64. */
export function privateKeys(text: string): string[] {
  const encoded = text.match(/LS0tLS1CRUdJTi[A-Za-z0-9+/]+/g) ?? [];
  const texts = [text, ...encoded.map((part) => Buffer.from(part, "base64").toString())];
  return texts.flatMap((each) => each.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----/g) ?? []);
}
