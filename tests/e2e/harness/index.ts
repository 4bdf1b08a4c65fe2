export { ownAddress } from "./address.ts";
export { answeredBy, basicAuth, said } from "./answers.ts";
export { browse, type Viewport } from "./browser.ts";
export type { Change } from "./changes.ts";
export { Client, type Answer } from "./client.ts";
export { merged, type Config } from "./config.ts";
export { exampleConfig, site, useExample, type Example } from "./example.ts";
export { ControlPlane, freePorts } from "./control-plane.ts";
export { apply, execIn, feed, kubectl, objects, type KubeObject } from "./kubectl.ts";
export { type Blow, killed, type Victim } from "./killed.ts";
export { dnsRecords } from "./external-dns.ts";
export { leftovers } from "./leftovers.ts";
export { LOCAL_ADDRESSES, withLocalAddresses } from "./local-addresses.ts";
export { load, loadDuring, type LoadReport } from "./load.ts";
export { type Person, OpenIdProvider } from "./openid-provider.ts";
export { selfSigned, shownTo } from "./openssl.ts";
export {
  acmeIssuer,
  challengesOf,
  PEBBLE_DIRECTORY,
  pebbleCertificate,
  pebbleRoot,
  reachable,
  renew,
} from "./pebble.ts";
export { pauseControllerManager } from "./controller-manager.ts";
export { NODE_PORTS } from "./ports.ts";
export { panelQueries, Prometheus } from "./prometheus.ts";
export { randomFrom } from "./random.ts";
export { SmallDisk } from "./small-disk.ts";
export { ROOT, TestStack, type StackOptions } from "./stack.ts";
export { conflicts } from "./second-manager.ts";
export { TraceCollector } from "./trace-collector.ts";
export { useStack } from "./use.ts";
export { verifiedCertificate } from "./verified.ts";
export { waitFor } from "./wait.ts";
export { withoutGroup } from "./without-group.ts";
