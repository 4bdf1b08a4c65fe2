import { stringify } from "yaml";

import { ALERTS } from "../components/monitoring/alerts.ts";

const HEAD = "# Made by scripts/reference.ts from components/monitoring/alerts.ts.\n";

/** What is made from the alerts, by its path in the repository. */
export const monitoringFiles = (): Record<string, string> => ({
  "monitoring/alerts.yaml": HEAD + stringify(ALERTS, { lineWidth: 0 }),
});
