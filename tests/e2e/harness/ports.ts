/**
 * Node ports of the suites that need fixed ones. A cluster has each port once, the suites run side by side, and the user's
 * own stack has 30350 and 31971.
 */
export const NODE_PORTS = {
  "e2e-stack": { http: 32_000, https: 32_001 },
  "e2e-first": { http: 32_002, https: 32_003 },
  "e2e-second": { http: 32_004, https: 32_005 },
  "e2e-cli": { http: 32_006, https: 32_007 },
  "e2e-crds": { http: 32_008, https: 32_009 },
} as const;
