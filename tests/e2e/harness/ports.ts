/**
 * Node ports of the suites that need fixed ones. A cluster has each port once, the suites run side by side, and the user's
 * own stack has 30350 and 31971.
 */
export const NODE_PORTS = {
  "e2e-stack": { http: 32_000, https: 32_001 },
  "e2e-second": { http: 32_004, https: 32_005 },
  "e2e-cli": { http: 32_006, https: 32_007 },
  "e2e-verbs": { http: 32_016, https: 32_017 },
  "e2e-kinds": { http: 32_012, https: 32_013 },
  "e2e-term": { http: 32_018, https: 32_019 },
  "e2e-crds": { http: 32_008, https: 32_009 },
  "e2e-failures": { http: 32_070, https: 32_071 },
  "e2e-certs": { http: 32_010, https: 32_011 },
  "e2e-proxy": { http: 32_092, https: 32_093 },
  "e2e-paths": { http: 32_020, https: 32_021 },
  "e2e-steps": { http: 32_022, https: 32_023 },
  "e2e-login": { http: 32_024, https: 32_025 },
  "e2e-canary": { http: 32_026, https: 32_027 },
  "e2e-ingress": { http: 32_028, https: 32_029 },
  "e2e-gateway": { http: 32_030, https: 32_031 },
  "e2e-no-gateway": { http: 32_038, https: 32_039 },
  "e2e-tcp": { http: 32_032, https: 32_033 },
  // On the nodes' own ports: these are not used.
  "e2e-outer": { http: 32_036, https: 32_037 },
  "e2e-rollout": { http: 32_040, https: 32_041 },
  "e2e-observed": { http: 32_044, https: 32_045 },
  "e2e-services": { http: 32_060, https: 32_061 },
  "e2e-recover": { http: 32_064, https: 32_065 },
  "e2e-upgrade": { http: 32_100, https: 32_101 },
  "e2e-from-registry": { http: 32_102, https: 32_103 },
  "e2e-teams": { http: 32_068, https: 32_069 },
  "e2e-sign-in": { http: 32_080, https: 32_081 },
  "e2e-nodes": { http: 32_110, https: 32_111 },
  "e2e-acme": { http: 32_114, https: 32_115 },
  "e2e-failure": { http: 32_112, https: 32_113 },
  "soak-recover": { http: 32_066, https: 32_067 },
  "soak-changes": { http: 30_070, https: 30_071 },
} as const;
