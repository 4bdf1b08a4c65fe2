import type { Scraping } from "../../components/index.ts";

/** How a Prometheus sees Traefik, and the apps that have metrics. See docs/monitoring.md. */
export interface MonitoringSettings {
  /** How it finds what to scrape. */
  readonly scraping: Scraping;
}
