"""Traces from the first day: gateway, service and SQL in one, and nobody's data in any.

FastAPI's own telemetry and the usual instrumentations record full paths, queries and
exception texts; here a span carries the route's template, the status and the statement
as written, never its arguments, and of an exception only its class.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from time import time_ns
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import metrics, propagate, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.textmap import Getter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
METERS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
# FastAPI records paths, queries and exception texts unless all of it is switched off.
SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
tracer = trace.get_tracer("uramost")


def export_traces(service: str) -> None:
    """Send spans by OTLP when the standard environment variables say where to."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def export_metrics(service: str) -> None:
    """Send what is counted by OTLP, likewise."""
    if not any(os.environ.get(name) for name in METERS):
        return
    resource = Resource.create({"service.name": service})
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    metrics.set_meter_provider(MeterProvider([reader], resource))


def trace_id() -> str:
    """Name the trace of this moment, for a problem's reader to quote."""
    return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)


class AsgiHeaders(Getter[Scope]):
    """Reads the trace context from an ASGI scope."""

    def get(self, carrier: Scope, key: str) -> list[str] | None:
        wanted = key.lower().encode()
        found = [
            value.decode("latin-1")
            for name, value in carrier["headers"]
            if name == wanted
        ]
        return found or None

    def keys(self, carrier: Scope) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier["headers"]]


HEADERS = AsgiHeaders()


class Traced:
    """Wraps a service: one server span a request, named by the route's template."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with tracer.start_as_current_span(
            scope["method"],
            propagate.extract(scope, getter=HEADERS),
            SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            await self.app(scope, receive, _noting(span, scope, send))


def _noting(span: Span, scope: Scope, send: Send) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            name_span(span, scope["method"], _template(scope), message["status"])
        await send(message)

    return noting


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "unknown")


def name_span(span: Span, method: str, route: str, status: int) -> None:
    """Say what was asked and how it ended, in OpenTelemetry's own words."""
    span.update_name(f"{method} {route}")
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    if status >= 500:  # noqa: PLR2004 -- the class of server errors
        span.set_status(Status(StatusCode.ERROR))


def trace_statement(record: Any) -> None:  # noqa: ANN401 -- asyncpg's LoggedQuery, which has no type to import
    """Make a span of a statement that asyncpg has run; its arguments stay out."""
    ended = time_ns()
    span = tracer.start_span(
        "sql", kind=SpanKind.CLIENT, start_time=ended - int(record.elapsed * 1e9)
    )
    span.set_attribute("db.system.name", "postgresql")
    span.set_attribute("db.query.text", record.query)
    if record.exception is not None:
        span.set_attribute("error.type", type(record.exception).__name__)
        span.set_status(Status(StatusCode.ERROR))
    span.end(ended)


def trace_engine(engine: Engine) -> None:
    """Make a span of every statement that SQLAlchemy runs on this engine."""
    event.listen(engine, "before_cursor_execute", _begin_statement)
    event.listen(engine, "after_cursor_execute", _end_statement)
    event.listen(engine, "handle_error", _fail_statement)


def _begin_statement(*event_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
    _connection, _cursor, statement, _parameters, context, _many = event_
    context.span = tracer.start_span("sql", kind=SpanKind.CLIENT)
    context.span.set_attribute("db.system.name", "postgresql")
    context.span.set_attribute("db.query.text", statement)


def _end_statement(*event_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
    event_[4].span.end()


def _fail_statement(failure: ExceptionContext) -> None:
    span = getattr(failure.execution_context, "span", None)
    if span is not None:
        span.set_status(Status(StatusCode.ERROR))
        span.end()
