"""One trace through the gateway, without anything that a caller wrote."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import visit
from gateway.policy import Role
from tests.gateway.conftest import House

CANARY = "Hoxha"
SEARCH = "/beneficiaries/registrations/search"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(visit, "tracer", provider.get_tracer("test"))
    return exporter


async def test_a_forward_is_a_span_below_the_requests_own(
    house: House, spans: InMemorySpanExporter
) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    spans.clear()
    await house.client.post(SEARCH, json={}, headers=bearer)
    inner, outer = spans.get_finished_spans()
    assert (inner.name, outer.name) == ("forward beneficiaries", f"POST {SEARCH}")
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    told = house.echo.seen[-1]["headers"]
    trace = f"{inner.context.trace_id:032x}"
    shown = f"00-{trace}-{inner.context.span_id:016x}-"
    assert told["traceparent"].startswith(shown)
    assert (await house.entries())[-1]["request"].hex == trace


async def test_no_span_repeats_what_a_caller_wrote(
    house: House, spans: InMemorySpanExporter
) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    house.echo.headers = [(b"x-name", CANARY.encode())]
    body, query = {"name": CANARY}, {"name": CANARY}
    for path in (SEARCH, f"/{CANARY}", "/token", f"/grants/{CANARY}"):
        headers = bearer | {"x-name": CANARY}
        await house.client.post(path, json=body, params=query, headers=headers)
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert len(told) >= 5
    assert CANARY not in "".join(told)
    assert CANARY not in str(await house.entries())


async def test_a_refusal_names_the_trace_even_if_nobody_collects_it(
    house: House,
) -> None:
    answer = await house.client.get("/purposes")
    trace = answer.json()["trace"]
    assert int(trace, 16)
    assert (await house.entries())[-1]["request"].hex == trace
