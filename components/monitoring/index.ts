export type {
  AnnotationScraping,
  AppMetrics,
  MonitorScraping,
  ScrapedMetrics,
  Scraping,
} from "./scraping.ts";
export { PodMonitor, type PodMonitorArgs } from "./pod-monitor.ts";
export { PrometheusRule, type PrometheusRuleArgs } from "./prometheus-rule.ts";
