import { curlCommand } from "../apps/nginx/portal-files.ts";
import { KIND_NAMES, kindOf } from "../components/app/kinds.ts";
import type { AppSpec, Endpoint, IssuedCertificate } from "../components/index.ts";
import { endsSoon, SOON_DAYS } from "../components/tls/validity.ts";
import type { StackConfig } from "./config.ts";
import { nginxStream, proxiedPorts } from "./proxy.ts";

/** What the record of a deployment is made from. */
export interface Deployed {
  readonly config: StackConfig;
  readonly endpoint: Endpoint;
  /** URLs by app. */
  readonly urls: Readonly<Record<string, string>>;
  readonly ingressClass: string;
  /** Versions by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The apps' certificates, by their Secret. */
  readonly certificates: Readonly<Record<string, IssuedCertificate>>;
  /** URLs that the provider who signs users in has to know. */
  readonly callbacks: readonly string[];
  /** Who signs certificates, and when its own ends; `undefined` where nobody does. */
  readonly authority: { readonly commonName: string; readonly validityEnd: string } | undefined;
}

/** The page of a stack, in Markdown: what was deployed, and how to reach it. */
export function readme(deployed: Deployed): string {
  const { project, stack, expires } = deployed.config.stack;
  const until =
    expires === undefined || expires === "never"
      ? ""
      : `\n\nIt may be taken down after ${expires}. \`slipway extend 7d\` gives it another week.`;
  const sections = [apps, besides, reach, signIn, proxy, trust, issued, deploy, made]
    .map((section) => section(deployed))
    .filter((text) => text !== "");
  return [`# ${project} · ${stack}${until}`, ...sections].join("\n\n") + "\n";
}

function apps({ config, urls }: Deployed): string {
  const published = config.apps.filter(({ name }) => urls[name] !== undefined);
  if (published.length === 0) return "No app is published.";
  return table(
    ["app", "URL", "image"],
    published.map(({ name, title, spec }) => [title, `<${urls[name] ?? ""}>`, imageOf(spec)]),
  );
}

/** What runs and is reached by no route. */
function besides({ config, urls }: Deployed): string {
  const others = config.apps.filter(({ name }) => urls[name] === undefined);
  if (others.length === 0) return "";
  return `## Not published

${table(
  ["app", "runs as", "image"],
  others.map(({ title, spec }) => [title, runsAs(spec), imageOf(spec)]),
)}`;
}

const imageOf = ({ image }: AppSpec): string => (typeof image === "string" ? `\`${image}\`` : "");

function runsAs(spec: AppSpec): string {
  const { workload } = spec;
  const kind = KIND_NAMES[kindOf(spec)];
  return workload?.kind === "cronJob" ? `${kind}, \`${workload.schedule}\`` : kind;
}

function reach({
  config,
  endpoint: { address, http, https },
  urls,
  authority,
  certificates,
}: Deployed): string {
  const hosts = [...new Set(config.apps.flatMap(({ spec }) => spec.hosts))].filter(
    (host) => !host.startsWith("*"),
  );
  const [url] = Object.values(urls);
  if (hosts.length === 0 || url === undefined) return "";
  const ports = [http !== undefined && `http ${http}`, https !== undefined && `https ${https}`].filter(
    Boolean,
  );
  const where =
    address === ""
      ? "any node's address (`kubectl get nodes -o wide`), in place of `ADDRESS` below"
      : `\`${address}\``;
  const secure = authority !== undefined && isSigner(certificates);
  return `## Reach it

Clients reach the stack at ${where}, ports: ${ports.join(", ") || "as Kubernetes picked them"}. Where the hosts are in no DNS, add them to \`/etc/hosts\` (Windows: \`%SystemRoot%\\System32\\drivers\\etc\\hosts\`):

${code(`${address === "" ? "ADDRESS" : address} ${hosts.join(" ")}`)}

or tell the client:

${code(
  [
    ...(secure ? [`pulumi stack output caCertificate --stack ${config.stack.stack} > ca.crt`] : []),
    curlCommand(url, address === "" ? "ADDRESS" : address, secure),
  ].join("\n"),
)}`;
}

function signIn({ config: { signIn }, callbacks }: Deployed): string {
  if (signIn === undefined) return "";
  return `## Sign-in

<${signIn.issuer}> signs users in, as the client \`${signIn.clientId}\`. It has to know these redirect URIs:

${callbacks.map((url) => `- \`${url}\``).join("\n")}

\`/oauth2/sign_out?rd=URL\` on each of these hosts ends a session, and goes on to the provider's own sign-out.`;
}

function proxy({ config: { traefik, nodeAddress } }: Deployed): string {
  const ports = proxiedPorts(traefik);
  if (ports.length === 0) return "";
  const numbers = ports.map(({ port, nodePort }) => `${port} to node port ${nodePort}`);
  const unknown = ports.filter(({ proxyProtocol, udp }) => !proxyProtocol && !udp).map(({ name }) => name);
  const address =
    unknown.length === 0
      ? "Traefik is told the client's address by the PROXY protocol."
      : `Traefik takes the proxy for the client at ${unknown.join(" and ")}; \`proxyProtocol.trustedIPs\` with the proxy's address there, and \`service.externalTrafficPolicy: Local\`, keep the client's.`;
  return `## The proxy in front

A proxy takes port ${numbers.join(", port ")}. For nginx with its stream module, in \`nginx.conf\`, with a \`server\` line for each node:

${code(nginxStream(ports, nodeAddress ?? "NODE"), "nginx")}

It passes TLS on as it is. ${address}`;
}

/** Whether the authority signed any of the certificates that are served. */
const isSigner = (certificates: Deployed["certificates"]): boolean =>
  Object.values(certificates).some(({ provided }) => provided !== true);

function trust({ authority, certificates }: Deployed): string {
  if (authority === undefined || !isSigner(certificates)) return "";
  const { commonName, validityEnd } = authority;
  return `## Trust the certificate authority

The apps' certificates are signed by **${commonName}**, which is valid until ${validityEnd}. Save it as above, then:

${table(
  ["where", "how"],
  [
    ["Debian, Ubuntu", "`sudo cp ca.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates`"],
    ["Fedora", "`sudo trust anchor ca.crt`"],
    ["macOS", "`sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain ca.crt`"],
    ["Windows", "`certutil -addstore -f Root ca.crt`"],
    ["Firefox", "Settings → Certificates → Authorities → Import"],
  ],
)}`;
}

function issued({ config: { stack }, certificates }: Deployed): string {
  const entries = Object.entries(certificates).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return "";
  return `## The certificates

${table(
  ["hosts", "valid until", "SHA-256", "Secret"],
  entries.map(([secret, { hosts, validityEnd, ...certificate }]) => [
    hosts.join(", "),
    validityEnd === undefined || !endsSoon(validityEnd) ? (validityEnd ?? "") : `**${validityEnd}**, soon`,
    keeper(certificate),
    certificate.acme === undefined ? `\`${secret}\`` : "Traefik's own",
  ]),
)}

${renewal(certificates)} \`slipway doctor --stack ${stack.stack}\` tells of those that end within ${SOON_DAYS} days,
and of hosts that are served with another one.`;
}

/** Which certificate it is, or who knows. */
function keeper({
  fingerprint,
  issuer,
  acme,
}: Pick<IssuedCertificate, "fingerprint" | "issuer" | "acme">): string {
  if (acme !== undefined) return `renewed by Traefik, <${acme}>`;
  if (issuer !== undefined) return `renewed by cert-manager, ${issuer}`;
  return fingerprint === undefined ? "kept by somebody else" : `\`${fingerprint}\``;
}

/** Who sees to the next certificate. */
function renewal(certificates: Deployed["certificates"]): string {
  const all = Object.values(certificates);
  const signed = all.some(({ provided }) => provided !== true);
  const bought = all.some(({ provided, fingerprint }) => provided === true && fingerprint !== undefined);
  return [
    ...(signed
      ? ["`pulumi up` issues a certificate anew some time before its end, and none does without it."]
      : []),
    ...(bought ? ["One that was bought is yours to replace: set the next, and run `pulumi up`."] : []),
  ].join(" ");
}

const deploy = ({ config: { stack, platformStack } }: Deployed): string => `## Deploy it

${code(
  [
    `pulumi preview --stack ${stack.stack}   # what would change`,
    `pulumi up --stack ${stack.stack}`,
    `pulumi destroy --stack ${stack.stack}   # everything goes${platformStack === undefined ? ", the authority's key too" : ""}`,
  ].join("\n"),
)}`;

const made = ({ config, ingressClass, versions }: Deployed): string => `## What it is made of

${table(
  ["", ""],
  [
    ...Object.entries(versions),
    ["IngressClass", `\`${ingressClass}\``],
    ["Namespaces", config.namespaces.map(({ name }) => `\`${name}\``).join(", ")],
  ],
)}`;

const code = (text: string, language = "sh"): string => `\`\`\`${language}\n${text}\n\`\`\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
