import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          setupFiles: ["tests/unit/setup.ts"],
          // To load Pulumi's SDK anew for each file took half of the time.
          isolate: false,
          // One fewer than there are processors is the default: of two, one.
          maxWorkers: "100%",
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "policy",
          include: ["tests/policy/**/*.test.ts"],
          setupFiles: ["tests/unit/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "package",
          include: ["tests/package/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/e2e/residue.ts"],
          // Suites have names and ports of their own, and mostly wait for the cluster. The pods of a fourth one would wait for processors
          // that the node of two has promised to others.
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // On several nodes, which other suites would find in their way.
          name: "nodes",
          include: ["tests/nodes/nodes.test.ts"],
          globalSetup: ["tests/e2e/residue.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // Minutes, most of which go by until Kubernetes notices that a node is gone.
          name: "failure",
          include: ["tests/nodes/failure.test.ts"],
          globalSetup: ["tests/e2e/residue.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "soak",
          include: ["tests/soak/**/*.test.ts"],
          // Hours, on a machine that has other things to do: one after another, so that their moments are theirs.
          maxWorkers: 1,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
