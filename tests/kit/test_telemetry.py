"""One trace over a request and its SQL, and nobody's data in any of it."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from services.kit.http import Guarded
from services.kit.telemetry import (
    ENDPOINTS,
    Receive,
    Scope,
    Send,
    Traced,
    export_traces,
)
from tests.kit.conftest import note, speaking

CANARY = "Kanarinjo"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


def told(spans: InMemorySpanExporter) -> str:
    return "".join(span.to_json() for span in spans.get_finished_spans())


def split(spans: InMemorySpanExporter) -> tuple[ReadableSpan, list[ReadableSpan]]:
    """Give the server's span and those of its statements."""
    finished = spans.get_finished_spans()
    [server] = [one for one in finished if one.kind is SpanKind.SERVER]
    return server, [one for one in finished if one.kind is SpanKind.CLIENT]


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


@pytest.mark.parametrize("path", ["/notes", "/notes/by-session"])
async def test_a_request_and_its_statements_are_one_trace(
    office: FastAPI, spans: InMemorySpanExporter, path: str
) -> None:
    async with speaking(Traced(office)) as client:
        spans.clear()
        answer = await client.post(path, json=note(CANARY), headers=PARENT)
        assert answer.status_code == 201
    server, statements = split(spans)
    assert server.name == f"POST {path}"
    assert f"{server.context.trace_id:032x}" == TRACE
    assert attributes(server)["http.response.status_code"] == 201
    inserts = [
        one
        for one in statements
        if "into note" in attributes(one)["db.query.text"].lower()
    ]
    assert inserts
    for one in inserts:
        assert one.context.trace_id == server.context.trace_id
        assert one.parent is not None
        assert one.parent.span_id == server.context.span_id


async def test_a_span_knows_the_statement_and_never_its_arguments(
    office: FastAPI, spans: InMemorySpanExporter
) -> None:
    async with speaking(Traced(Guarded(office))) as client:
        for path in ("/notes", "/notes/by-session", "/faults", "/failing-statements"):
            await client.post(f"{path}?{CANARY}={CANARY}", json=note(CANARY))
            await client.post(path, json=note(CANARY))
        await client.get(f"/notes/{CANARY}")
        await client.get(f"/{CANARY}")
    assert "insert into note (text) values ($1)" in told(spans)
    assert CANARY not in told(spans)


@pytest.mark.parametrize("number", [0, 1])
async def test_a_failing_statement_is_marked_without_its_words(
    office: FastAPI, spans: InMemorySpanExporter, number: int
) -> None:
    async with speaking(Traced(Guarded(office))) as client:
        body = note(CANARY) | {"number": number}
        assert (await client.post("/failing-statements", json=body)).status_code == 500
    server, statements = split(spans)
    failed = [one for one in statements if one.status.status_code is StatusCode.ERROR]
    assert failed
    assert server.status.status_code is StatusCode.ERROR
    assert not [event for one in (server, *failed) for event in one.events]
    assert CANARY not in told(spans)


async def test_a_bug_that_no_one_catches_leaves_no_words_in_its_span(
    spans: InMemorySpanExporter,
) -> None:
    async def buggy(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError(CANARY)

    with pytest.raises(RuntimeError):
        async with speaking(Traced(buggy)) as client:
            await client.get("/")
    assert len(spans.get_finished_spans()) == 1
    assert CANARY not in told(spans)


async def test_a_problem_names_the_trace(office: FastAPI) -> None:
    async with speaking(Traced(office)) as client:
        answer = await client.post("/notes", json={}, headers=PARENT)
    assert answer.json()["trace"] == TRACE


async def test_a_path_that_no_route_knows_is_named_by_nobody(
    office: FastAPI, spans: InMemorySpanExporter
) -> None:
    async with speaking(Traced(office)) as client:
        await client.get(f"/{CANARY}/{CANARY}")
    server, _ = split(spans)
    assert server.name == "GET unknown"


async def test_fastapi_s_own_telemetry_stays_off(
    client: AsyncClient, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its spans carry paths and queries; unwrapped, a service makes no server span."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    spans.clear()
    await client.post("/notes", json=note(CANARY))
    assert {one.kind for one in spans.get_finished_spans()} == {SpanKind.CLIENT}


def test_nothing_is_sent_anywhere_unless_an_endpoint_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    made: list[object] = []
    monkeypatch.setattr("services.kit.telemetry.OTLPSpanExporter", made.append)
    export_traces("office")
    assert made == []
