import type { Config } from "../tests/e2e/harness/config.ts";

/** A stack with many apps, without pods: what is measured is the deploying, not the machine that runs them. */
export const manyApps = (apps: number): Config => ({
  traefik: { service: { type: "NodePort" }, web: { nodePort: 32_702 }, websecure: { nodePort: 32_703 } },
  tls: { algorithm: "ECDSA" },
  apps: Object.fromEntries(
    Array.from({ length: apps }, (_, index) => [
      `app-${index}`,
      { image: "nginx", host: "apps", path: `/app-${index}`, stripPrefix: true, replicas: 0 },
    ]),
  ),
});
