"""A canary lives through a whole story; nothing that watches has heard it sing."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.beneficiaries.app import create_app
from services.beneficiaries.settings import Settings
from services.kit import telemetry
from services.kit.http import Guarded
from services.kit.orthography import fold
from services.kit.telemetry import Traced
from tests.beneficiaries.conftest import EVERYTHING, MASTER, Agency, registration
from tests.databases import Fresh, Freshly, execute
from tests.passports import PRIVATE, PUBLIC

GIVEN, FAMILY, FATHER = "Kanarinjo", "Žutoperić", "Пјевац"
PHONE, PAPER = "+38344987123", "KN7719028"
STREET, HOUSEHOLD, SOURCE = "Kafezi 7719", "HH-Kanarinjo", "S-Kanarinjo"
CANARIES = (GIVEN, FAMILY, FATHER, PHONE, PAPER, STREET, HOUSEHOLD, SOURCE, "ashkali")
BIRD: dict[str, Any] = {
    "source_id": SOURCE,
    "names": {"given": GIVEN, "family": FAMILY, "father": FATHER},
    "birth": {"value": "1987-06-05", "precision": "day"},
    "phones": [PHONE],
    "documents": [{"kind": "passport", "number": PAPER, "country": "XK"}],
    "address": STREET,
    "household": HOUSEHOLD,
    "communities": {"declared": ["ashkali"]},
}


def songs() -> set[str]:
    """Every form in which a canary could be heard, in small letters."""
    folded = {"".join(fold(one)) for one in CANARIES}
    escaped = {json.dumps(one).strip('"') for one in CANARIES}
    bare = {PHONE.removeprefix("+")}
    return {one.casefold() for one in {*CANARIES, *folded, *escaped, *bare}}


def heard(text: str) -> set[str]:
    return {song for song in songs() if song in text.casefold()}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("test"))
    return exporter


@pytest.fixture
async def databases(fresh: Freshly) -> dict[str, Fresh]:
    return {name: await fresh(name) for name in ("beneficiaries", "keys")}


@pytest.fixture
async def app(databases: dict[str, Fresh]) -> AsyncIterator[FastAPI]:
    settings = Settings(
        database=databases["beneficiaries"].url,
        keys=databases["keys"].url,
        master_key=MASTER,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


class Listening(Agency):
    """An agency whose every refusal is kept, to be listened to."""

    def __init__(self, client: AsyncClient, name: str) -> None:
        super().__init__(client, name, EVERYTHING)
        self.refusals: list[Response] = []

    async def request(
        self, verb: str, path: str, body: object = None, purpose: str | None = None
    ) -> Response:
        answer = await super().request(verb, path, body, purpose)
        if answer.is_error:
            self.refusals.append(answer)
        return answer

    @property
    def statuses(self) -> set[int]:
        return {answer.status_code for answer in self.refusals}


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[tuple[Listening, Listening]]:
    """Speak to the service wrapped as its process wraps it."""
    transport = ASGITransport(Traced(Guarded(app)))
    async with AsyncClient(transport=transport, base_url="http://service") as client:
        yield Listening(client, "unicef"), Listening(client, "who")


async def introduce(north: Listening, path: str) -> None:
    """Let an organisation know who it is, and let it be told."""
    consent = {"purpose": "employment", "until": "2999-01-01T00:00:00Z"}
    await north.post(f"{path}/consents", consent)
    mill = north.by("director")
    mill.organisation = str(uuid4())
    told = {"organisation": mill.organisation, "until": consent["until"]}
    made = await north.post(f"{path}/introductions", told)
    answer = await mill.post(f"{path}/introductions/redemption", made.json())
    assert answer.status_code == 200
    assert heard(answer.text)
    assert not heard(made.text)


async def live(north: Listening, south: Listening) -> None:
    """What may happen to a registration on a good day."""
    recorded = await north.record(**BIRD)
    path = f"/registrations/{recorded['id']}"
    await south.record(**BIRD)
    await north.put(path, registration(**BIRD) | {"place": "zvecan"})
    await north.post("/registrations/search", {"names": BIRD["names"]})
    await north.post("/registrations/search", {"documents": BIRD["documents"]})
    rows = [registration(**BIRD | {"source_id": f"{SOURCE}-{n}"}) for n in range(3)]
    answer = await north.post("/imports/rows", {"rows": rows})
    assert {row["outcome"] for row in answer.json()} == {"recorded"}
    consent = {"purpose": "assistance", "until": "2999-01-01T00:00:00Z"}
    await north.post(f"{path}/consents", consent)
    opened = await north.request("POST", f"{path}/disclosures", None, "assistance")
    assert heard(opened.text) == {"ashkali"}
    await introduce(north, path)
    for asked in (path, f"{path}/history", "/registrations", "/reviews", "/judgements"):
        assert (await north.get(asked)).status_code == 200
    await north.post("/linkage/rekey")
    await north.post(f"{path}/withdrawal")


async def stumble(north: Listening, south: Listening) -> None:
    """What may go wrong: absent, contradicting, unreadable, impossible, unknown."""
    await north.post("/registrations", registration(**BIRD) | {"sex": "other"})
    for wrong in (
        {"sex": GIVEN},
        {"place": FAMILY},
        {"phones": [f"{PHONE}{PHONE}"]},
        {"names": {"given": f"{GIVEN}\u0007"}},
        {"birth": {"value": GIVEN, "precision": "day"}},
        {"documents": [{"kind": PAPER, "number": PAPER}]},
        {"communities": {"declared": ["ashkali"], "prefers_not_to_say": True}},
        {"never_match": GIVEN},
    ):
        await north.post("/registrations", registration(**BIRD | wrong))
        answer = await north.post("/imports/rows", {"rows": [BIRD | wrong]})
        assert heard(answer.text) == set()
    for query in (f"?name={GIVEN}", f"?{GIVEN}=1", f"?cursor={GIVEN}"):
        await north.get(f"/registrations{query}")
    for path in (f"/registrations/{GIVEN}", f"/{GIVEN}", f"/registrations/{uuid4()}"):
        await south.get(path)
    await north.request("DELETE", f"/registrations/{GIVEN}", BIRD)


async def break_down(north: Listening, databases: dict[str, Fresh]) -> None:
    """What nobody expects: a table that is gone while values are on their way."""
    gone = "alter table membership rename to gone"
    await execute(databases["beneficiaries"].superuser, gone)
    await north.post("/registrations", registration(**BIRD | {"source_id": "S-Žuti"}))
    await north.post("/registrations/search", {"names": BIRD["names"]})
    back = "alter table gone rename to membership; drop table registration cascade"
    await execute(databases["beneficiaries"].superuser, back)
    await north.get("/registrations")
    await north.post("/imports/rows", {"rows": [registration(**BIRD)]})


async def audited(database: Fresh) -> str:
    connection = await asyncpg.connect(database.superuser)
    try:
        rows = await connection.fetch("select * from audit_entry")
    finally:
        await connection.close()
    return str([dict(row) for row in rows])


async def test_no_canary_is_heard(
    app: FastAPI,
    databases: dict[str, Fresh],
    spans: InMemorySpanExporter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "httpx")  # the callers' own client
    with caplog.at_level(logging.DEBUG):
        caplog.handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
        async with listening(app) as (north, south):
            await live(north, south)
            await stumble(north, south)
            await break_down(north, databases)
    assert north.statuses >= {404, 405, 409, 422, 500} - {404}
    assert south.statuses == {404, 422}
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert len(told) > 200
    assert caplog.text.count("Error in ") >= 3
    entries = await audited(databases["beneficiaries"])
    assert entries.count("registration:record") >= 5
    refusals = [answer.text for answer in (*north.refusals, *south.refusals)]
    for what in (told, [caplog.text], [entries], refusals):
        assert heard("".join(what)) == set()


def test_the_ear_hears_a_canary_in_every_form() -> None:
    folded = "".join(fold(FATHER))
    for sung in (GIVEN.upper(), FATHER, folded, r"\u017dutoperi\u0107", "Ashkali"):
        assert heard(f"… {sung} …"), sung
    assert heard("Mërgim Prekazi") == set()
