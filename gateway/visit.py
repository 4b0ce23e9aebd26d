"""One request at the gateway: who, what, how it ended; audited before the answer."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    TraceFlags,
    use_span,
)

from gateway.audit import Writer
from gateway.connection import Headers
from gateway.routes import Match
from services.kit.audit import Entry
from services.kit.callers import Caller
from services.kit.refusals import PROBLEM, Refusal
from services.kit.telemetry import Send, name_span, trace_id, tracer

UNKNOWN: Final = "unknown"
FAILED: Final = 400
KEY: Final = "uramost.visit"  # where an ASGI scope carries the visit
ALWAYS: Final = [(b"x-content-type-options", b"nosniff")]
UNSTORED: Final = (b"cache-control", b"no-store")


@dataclass(slots=True)
class Visit:
    """A request on its way through the gateway."""

    request: UUID
    span: Span
    send: Send
    writer: Writer
    method: str
    match: Match | None = None
    caller: Caller | None = None
    granted: bool = False
    entered: bool = False
    started: bool = False

    @property
    def name(self) -> str:
        return UNKNOWN if self.match is None else self.match.operation.name

    @property
    def client(self) -> str:
        """Name the line in which it waits for its turn; who acts for it has another."""
        if self.caller is None:
            return UNKNOWN
        actor = self.caller.actor
        return f"{actor} {self.caller.client}" if actor else self.caller.client

    def entry(self, status: int) -> Entry:
        """Say what happened: the operation, never its path or its query."""
        decision = "granted" if self.granted else "refused"
        return Entry(
            request=self.request,
            act=self.name,
            caller=self.caller,
            target=None if self.match is None else self.match.target,
            details={"decision": decision, "status": status},
        )

    async def enter(self, status: int) -> None:
        """Commit the audit entry, once."""
        if self.entered or not (self.match is None or self.match.operation.audited):
            return
        await self.writer.write(self.entry(status))
        self.entered = True

    async def begin(self, status: int, headers: Headers) -> None:
        """Commit the audit entry, then begin the answer."""
        await self.enter(status)
        if not any(name == UNSTORED[0] for name, _ in headers):
            headers = [*headers, UNSTORED]
        self.started = True
        name_span(self.span, self.method, self.name.partition(" ")[2], status)
        start = {"type": "http.response.start", "status": status}
        await self.send({**start, "headers": [*headers, *ALWAYS]})

    async def continue_(self, piece: bytes, *, more: bool) -> None:
        body = {"type": "http.response.body", "body": piece, "more_body": more}
        await self.send(body)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with a problem; if not even that can be audited, say so instead."""
        try:
            await self._refuse(refusal)
        except Refusal as unaudited:
            await answer_unaudited(self.send, unaudited)

    async def _refuse(self, refusal: Refusal) -> None:
        status, headers, body = problem(refusal)
        await self.begin(status, headers)
        await self.continue_(body, more=False)


def problem(refusal: Refusal) -> tuple[int, Headers, bytes]:
    told = refusal.problem() | {"trace": trace_id()}
    body = json.dumps(told, separators=(",", ":")).encode()
    given: Mapping[str, str] = refusal.headers
    headers = [
        (b"content-type", PROBLEM.encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.encode(), value.encode()) for name, value in given.items()),
    ]
    return refusal.status.value, headers, body


async def answer_unaudited(send: Send, refusal: Refusal) -> None:
    status, headers, body = problem(refusal)
    start: dict[str, Any] = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*headers, UNSTORED, *ALWAYS]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def traced() -> Iterator[tuple[Span, UUID]]:
    """Begin a trace of our own; its id is also the request's id in every audit.

    A trace that a client sends along is not continued: it could choose our ids.
    """
    span = tracer.start_span("request", Context(), SpanKind.SERVER)
    found = span.get_span_context()
    request = UUID(int=found.trace_id) if found.is_valid else uuid4()
    if not found.is_valid:  # nobody collects traces; the ids are wanted all the same
        own = SpanContext(request.int, secrets.randbits(64) or 1, False, TraceFlags(0))  # noqa: FBT003 -- OpenTelemetry's signature: not remote
        span = NonRecordingSpan(own)
    with use_span(
        span, end_on_exit=True, record_exception=False, set_status_on_exception=False
    ):
        yield span, request


def client_span(service: str) -> Span:
    """Begin the span of a forward, below the request's own."""
    span = tracer.start_span(f"forward {service}", kind=SpanKind.CLIENT)
    span.set_attribute("peer.service", service)
    return span


def traceparent(span: Span) -> bytes:
    """Write a span's context as W3C Trace Context wants it."""
    context = span.get_span_context()
    if not context.is_valid:
        context = trace.get_current_span().get_span_context()
    ids = (context.trace_id, context.span_id, context.trace_flags)
    return b"00-%032x-%016x-%02x" % ids
