"""What the application tells Prometheus and a collector of traces, where its environment asks for it."""

import os

from fastapi import FastAPI

#: Probes would be most of what is counted.
_UNCOUNTED = "healthz,readyz"


def observe(app: FastAPI) -> None:
    """Serves metrics on the port `METRICS_PORT`, and sends traces to `OTEL_EXPORTER_OTLP_ENDPOINT`.

    The port is one of its own: no route leads to it. A trace goes on that a proxy began (W3C `traceparent`).
    """
    port = os.environ.get("METRICS_PORT")
    endpoint = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not port and not endpoint:
        return
    # The names of OpenTelemetry that are to stay. The former ones have the host that a client wrote among the labels.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")
    # They take a while to import, and most do without.
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    if port:
        _serve_metrics(int(port))
    if endpoint:
        _send_traces()
    FastAPIInstrumentor.instrument_app(app, excluded_urls=_UNCOUNTED, exclude_spans=["receive", "send"])


def _serve_metrics(port: int) -> None:
    from opentelemetry import metrics
    from opentelemetry.exporter.prometheus import PrometheusMetricReader
    from opentelemetry.sdk.metrics import MeterProvider
    from prometheus_client import start_http_server

    metrics.set_meter_provider(MeterProvider(metric_readers=[PrometheusMetricReader()]))
    start_http_server(port)


def _send_traces() -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
