/** A rule that makes an alert. */
interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it has to be so. */
  readonly for: string;
  readonly labels: { readonly severity: "warning" | "critical" };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** What is the same for pods of an app: their namespace, and the label `app.kubernetes.io/name` as Prometheus writes it. */
const APP = "namespace, app_kubernetes_io_name";

const requests = (code: string): string =>
  `sum by (service) (rate(traefik_service_requests_total${code}[5m]))`;

/**
 * Rules for every stack: what Traefik measures of each Service (requests, errors, duration), and whether pods that were scraped
 * still are.
 */
export const ALERTING_RULES: readonly AlertingRule[] = [
  {
    alert: "AppGone",
    expr: `max by (${APP}) (max_over_time(up{app_kubernetes_io_name!=""}[30m])) == 1 unless on (${APP}) max by (${APP}) (up) == 1`,
    for: "1m",
    labels: { severity: "critical" },
    annotations: {
      summary: "{{ $labels.app_kubernetes_io_name }} in {{ $labels.namespace }} is gone",
      description: "None of its pods answers Prometheus, and one did within the last 30 minutes.",
    },
  },
  {
    alert: "AppFails",
    expr: `${requests('{code=~"5.."}')} / ${requests("")} > 0.05`,
    for: "5m",
    labels: { severity: "critical" },
    annotations: {
      summary: "{{ $labels.service }} fails",
      description: "{{ $value | humanizePercentage }} of its requests are answered with 5xx.",
    },
  },
  {
    alert: "AppSlow",
    // 1.2 s is a bound of Traefik's buckets: between bounds, quantiles are guesses.
    expr: "histogram_quantile(0.95, sum by (service, le) (rate(traefik_service_request_duration_seconds_bucket[5m]))) > 1.2",
    for: "10m",
    labels: { severity: "warning" },
    annotations: {
      summary: "{{ $labels.service }} is slow",
      description: "One in 20 requests takes longer than {{ $value | humanizeDuration }}.",
    },
  },
  {
    alert: "CertificateEnds",
    expr: "min by (cn) (traefik_tls_certs_not_after) - time() < 14 * 86400",
    for: "1h",
    labels: { severity: "warning" },
    annotations: {
      summary: "The certificate of {{ $labels.cn }} ends",
      description:
        "It holds for {{ $value | humanizeDuration }}. pulumi up issues the next one when it is due.",
    },
  },
];

/** The rules as Prometheus and Prometheus Operator read them. */
export const ALERTS = { groups: [{ name: "slipway", rules: ALERTING_RULES }] };
