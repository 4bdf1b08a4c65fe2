import { X509Certificate } from "node:crypto";

import { TRAEFIK_VERSION } from "../../../components/index.ts";
import { NODE_PORTS, objects } from "../harness/index.ts";

/** What the record of a stack holds that is not the same each time, as the cluster has it. */
interface Found {
  readonly address: string;
  /** Image of each app. */
  readonly images: Readonly<Record<string, string>>;
  /** The certificate that each host is served with. */
  readonly certificates: Readonly<Record<string, X509Certificate>>;
  readonly authority: X509Certificate;
}

/** Reads what a stack has in the cluster. */
export async function found(stack: string, address: string, ca: string): Promise<Found> {
  const namespace = `slipway-${stack}`;
  const deployments = await objects("deployments", "--namespace", namespace);
  const images = deployments.map(({ metadata: { name }, ...deployment }) => {
    const { template } = deployment["spec"] as { template: { spec: { containers: { image: string }[] } } };
    return [name, template.spec.containers[0]?.image ?? ""] as const;
  });
  const secrets = await objects(
    "secrets",
    "--namespace",
    namespace,
    "--field-selector=type=kubernetes.io/tls",
  );
  const certificates = secrets.map(({ metadata: { name }, ...secret }) => {
    const { "tls.crt": encoded = "" } = secret["data"] as Record<string, string>;
    return [name.replace(/-tls$/, ""), new X509Certificate(Buffer.from(encoded, "base64"))] as const;
  });
  return {
    address,
    images: Object.fromEntries(images),
    certificates: Object.fromEntries(certificates),
    authority: new X509Certificate(ca),
  };
}

/** All outputs of the stack of `Pulumi.dev.yaml` under another name. Times are told to the second, as certificates have them. */
export function outputsOf(stack: keyof typeof NODE_PORTS, deployed: Found): Record<string, unknown> {
  const { address, certificates, authority } = deployed;
  const { http, https } = NODE_PORTS[stack];
  return {
    urls: urlsOf(stack),
    endpoint: { address, http, https },
    caCertificate: authority.toString(),
    certificates: Object.fromEntries(
      hostsOf(stack).map((host) => {
        const { fingerprint256: fingerprint, validTo } = certificates[host] ?? {};
        return [
          `slipway-${stack}/${host}-tls`,
          { hosts: [host], fingerprint, validityEnd: second(validTo ?? "") },
        ];
      }),
    ),
    ingressClass: `slipway-${stack}`,
    readme: readmeOf(stack, deployed),
  };
}

/** Outputs with times to the second. */
export const toTheSecond = (outputs: unknown): unknown =>
  JSON.parse(JSON.stringify(outputs).replaceAll(/(\dT\d\d:\d\d:\d\d)\.\d+Z/g, "$1Z"));

const second = (time: string): string => new Date(time).toISOString().replace(".000Z", "Z");

const hostsOf = (stack: string): string[] =>
  ["apps", "hello", "portal"].map((host) => `${host}.${stack}.slipway.test`);

const urlsOf = (stack: keyof typeof NODE_PORTS): Record<string, string> => {
  const url = (host: string, path = ""): string =>
    `https://${host}.${stack}.slipway.test:${NODE_PORTS[stack].https}${path}`;
  return {
    api: url("apps", "/api"),
    guide: url("apps", "/guide"),
    hello: url("hello"),
    portal: url("portal"),
  };
};

function readmeOf(
  stack: keyof typeof NODE_PORTS,
  { address, images, certificates, authority }: Found,
): string {
  const { http, https } = NODE_PORTS[stack];
  const titles = { api: "Inventory", guide: "Guide", hello: "Hello", portal: "Portal" };
  const urls = urlsOf(stack);
  const apps = Object.entries(titles).map(
    ([app, title]) => `| ${title} | <${urls[app] ?? ""}> | \`${images[app] ?? ""}\` |`,
  );
  const issued = hostsOf(stack).map((host) => {
    const { fingerprint256 = "", validTo = "" } = certificates[host] ?? {};
    return `| ${host} | ${second(validTo)} | \`${fingerprint256}\` | \`slipway-${stack}/${host}-tls\` |`;
  });
  return `# slipway · ${stack}

| app | URL | image |
| --- | --- | --- |
${apps.join("\n")}

## Reach it

Clients reach the stack at \`${address}\`, ports: http ${http}, https ${https}. Where the hosts are in no DNS, add them to \`/etc/hosts\` (Windows: \`%SystemRoot%\\System32\\drivers\\etc\\hosts\`):

\`\`\`sh
${address} ${hostsOf(stack).join(" ")}
\`\`\`

or tell the client:

\`\`\`sh
pulumi stack output caCertificate --stack ${stack} > ca.crt
curl --cacert ca.crt --connect-to ::${address}: ${urls["api"] ?? ""}
\`\`\`

## Trust the certificate authority

The apps' certificates are signed by **slipway ${stack} CA**, which is valid until ${second(authority.validTo)}. Save it as above, then:

| where | how |
| --- | --- |
| Debian, Ubuntu | \`sudo cp ca.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates\` |
| Fedora | \`sudo trust anchor ca.crt\` |
| macOS | \`sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain ca.crt\` |
| Windows | \`certutil -addstore -f Root ca.crt\` |
| Firefox | Settings → Certificates → Authorities → Import |

## The certificates

| hosts | valid until | SHA-256 | Secret |
| --- | --- | --- | --- |
${issued.join("\n")}

\`pulumi up\` issues a certificate anew some time before its end, and none does without it. \`slipway doctor --stack ${stack}\` tells of those that end within 30 days,
and of hosts that are served with another one.

## Deploy it

\`\`\`sh
pulumi preview --stack ${stack}   # what would change
pulumi up --stack ${stack}
pulumi destroy --stack ${stack}   # everything goes, the authority's key too
\`\`\`

## What it is made of

|  |  |
| --- | --- |
| Traefik | ${TRAEFIK_VERSION} |
| IngressClass | \`slipway-${stack}\` |
| Namespaces | \`slipway-${stack}\` |
`;
}
