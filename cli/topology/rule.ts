/** Which requests a route takes, as far as an address can say it. */
export interface Address {
  /** `shop.test`, `*.shop.test`; `*` for any, and a regular expression between slashes. */
  readonly host: string;
  /** `/api`; a regular expression between slashes after a `~`. */
  readonly path: string;
}

type Matcher = { readonly name: string; readonly values: readonly string[] };

/** Any of several ways in which a rule holds, each a list of matchers that all have to. */
type Alternatives = readonly (readonly Matcher[])[];

/** More ways than anybody wrote on purpose. */
const LIMIT = 256;

/**
 * The addresses of a rule in Traefik's language: ``Host(`shop.test`) && PathPrefix(`/api`)``. What it says of headers, methods
 * and clients is left out, and a rule that cannot be read has none.
 * Source: {@link https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/http/routing/rules-and-priority/ | Rules & Priority}.
 */
export function ruleAddresses(rule: string): readonly Address[] {
  const tokens = tokensOf(rule);
  if (tokens === undefined || tokens.length === 0) return [];
  const parser = new Parser(tokens);
  const alternatives = parser.anyOf();
  if (!parser.isAtEnd) return [];
  const addresses = alternatives.flatMap(addressesOf);
  const seen = new Map(addresses.map((address) => [`${address.host} ${address.path}`, address]));
  // A prefix that ends where a segment does is written as two: Path(`/api`) || PathPrefix(`/api/`).
  for (const { host, path } of addresses) {
    if (path.length > 1 && path.endsWith("/") && seen.has(`${host} ${path.slice(0, -1)}`))
      seen.delete(`${host} ${path}`);
  }
  return [...seen.values()];
}

function addressesOf(matchers: readonly Matcher[]): readonly Address[] {
  const valueOf = (...names: readonly string[]): readonly string[] =>
    matchers.find(({ name }) => names.includes(name))?.values ?? [];
  const pattern = valueOf("HostRegexp", "HostSNIRegexp").map((value) => `/${value}/`);
  const hosts = [...valueOf("Host", "HostSNI"), ...pattern];
  const regexp = valueOf("PathRegexp")[0];
  const path = valueOf("Path", "PathPrefix")[0] ?? (regexp === undefined ? "/" : `~/${regexp}/`);
  return (hosts.length === 0 ? ["*"] : hosts).map((host) => ({ host, path }));
}

type Token = "(" | ")" | "&&" | "||" | "!" | Matcher;

const TOKEN = /\s*(?:(&&|\|\||[()!])|(\w+)\(((?:\s*(?:`[^`]*`|"(?:[^"\\]|\\.)*")\s*,?)*)\))\s*/y;

function tokensOf(rule: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < rule.length) {
    const match = TOKEN.exec(rule);
    if (match === null) return undefined;
    const [, sign, name, values = ""] = match;
    if (name === undefined) tokens.push(sign as Token);
    else
      tokens.push({
        name,
        values: [...values.matchAll(/`([^`]*)`|"((?:[^"\\]|\\.)*)"/g)].map(
          ([, raw, text]) => raw ?? text ?? "",
        ),
      });
  }
  return tokens;
}

/** Reads a rule as alternatives; what is denied says nothing of where a request goes. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  anyOf(): Alternatives {
    let alternatives = this.#allOf();
    while (this.#take("||")) alternatives = [...alternatives, ...this.#allOf()].slice(0, LIMIT);
    return alternatives;
  }

  #allOf(): Alternatives {
    let alternatives = this.#one();
    while (this.#take("&&")) {
      const more = this.#one();
      alternatives = alternatives.flatMap((left) => more.map((right) => [...left, ...right])).slice(0, LIMIT);
    }
    return alternatives;
  }

  #one(): Alternatives {
    if (this.#take("!")) {
      this.#one();
      return [[]];
    }
    if (this.#take("(")) {
      const inner = this.anyOf();
      this.#take(")");
      return inner;
    }
    const token = this.#tokens[this.#next++];
    return typeof token === "object" ? [[token]] : [[]];
  }

  #take(sign: string): boolean {
    if (this.#tokens[this.#next] !== sign) return false;
    this.#next += 1;
    return true;
  }
}
