"""Two worlds that differ in what others know: an agency cannot tell them apart.

In one, the south has nobody of the north's; in the other it has the same people, linked
to the north's by the desk, joining what the north holds apart and contradicting itself.
Whatever the north does, it hears the same, and the database is asked as often.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from services.beneficiaries.app import create_app
from services.beneficiaries.settings import Settings
from services.kit import telemetry
from services.kit.agreements import Agreed, Level, Shared
from services.kit.http import Guarded
from services.kit.purposes import Purpose
from services.kit.telemetry import Traced
from tests.beneficiaries.conftest import EVERYTHING, MASTER, Agency
from tests.beneficiaries.reviews.pairs import (
    PLAIN,
    REASON,
    TWINS,
    Json,
    found,
    somebody,
)
from tests.databases import Fresh, Freshly, ask
from tests.passports import PRIVATE, PUBLIC

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
TRACES = re.compile(r"\b[0-9a-f]{32}\b")
CURSORS = re.compile(r'"next":"[\w-]+"')
SAME, DIFFERENT = ({"verdict": verdict} | REASON for verdict in ("same", "different"))
LISTS = (
    "/registrations",
    "/reviews",
    "/reviews?order=weight&limit=1",
    "/reviews?claimed=nobody",
    "/judgements",
    "/judgements?verdict=same&limit=1",
    "/links",
    "/links?limit=1",
)
ENTRIES = "select count(*) from audit_entry"
Others = Callable[["World", list[Json]], Awaitable[None]]


@dataclass(frozen=True)
class Heard:
    """All that a caller can tell of one answer, but for ids, moments and traces.

    Ids of one millisecond sort by chance, and so do lists and the ends of a pair. How
    many entries its request left in the audit, everybody learns by the checkpoints.
    """

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    length: int
    body: str
    statements: int
    entries: int


@dataclass
class World:
    """A service of its own, an agency that asks, and what it has heard."""

    north: Agency
    south: Agency
    desk: Agency
    database: Fresh
    spans: InMemorySpanExporter
    heard: list[Heard] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    async def ask(self, verb: str, path: str, body: object = None) -> Json:
        """Ask as the north, and keep what it could tell."""
        self.spans.clear()
        before = await self.entered()
        answer = await self.north.request(verb, path, body)
        statements = asked_of_the_database(self.spans)
        entries = await self.entered() - before
        headers = tuple(sorted(answer.headers.items()))
        told = self.plain(f"{verb} {path}"), answer.status_code, headers
        assert answer.status_code < 500, answer.text
        known: Json = answer.json() if answer.content[:1] in {b"{", b"["} else {}
        body = json.dumps(ordered(json.loads(self.plain(answer.text)))) if known else ""
        body = body or self.plain(answer.text)
        length = len(answer.content)
        self.heard.append(Heard(*told, length, body, statements, entries))
        return known

    async def entered(self) -> int:
        return int(str(await ask(self.database.superuser, ENTRIES)))

    def plain(self, text: str) -> str:
        """Number ids in the order in which they were heard; blank moments and marks."""

        def name(found: re.Match[str]) -> str:
            return self.names.setdefault(found[0], f"id-{len(self.names)}")

        blank = TIMES.sub("T", UUIDS.sub(name, text))
        return CURSORS.sub('"next":"…"', TRACES.sub("trace", blank))

    async def look(self, recorded: list[Json]) -> None:
        """Ask for everything that there is to be asked."""
        for path in LISTS:
            await self.ask("GET", path)
        for one in recorded:
            for part in ("", "/history", "/links"):
                await self.ask("GET", f"/registrations/{one['id']}{part}")
        for review in (await self.ask("GET", "/reviews"))["items"]:
            for part in ("", "/evidence", "/waterfall"):
                await self.ask("GET", f"/reviews/{review['id']}{part}")
        names = somebody(0)["names"]
        await self.ask("POST", "/registrations/search", {"names": names})


def asked_of_the_database(spans: InMemorySpanExporter) -> int:
    """Count the statements of the request; whoever seals the audit asks meanwhile."""
    ended = spans.get_finished_spans()
    [trace] = {s.context.trace_id for s in ended if s.kind is SpanKind.SERVER}
    of_it = (span for span in ended if span.context.trace_id == trace)
    told = [span.attributes or {} for span in of_it]
    return sum(not {"db.query.text", "db.statement"}.isdisjoint(one) for one in told)


def ordered(told: Any) -> Any:  # noqa: ANN401 -- whatever JSON can say
    """Sort what sorts by chance: lists, and which end of a pair is the lower one."""
    if isinstance(told, list):
        return sorted((ordered(one) for one in told), key=json.dumps)
    if not isinstance(told, dict):
        return told
    whole = {key: ordered(value) for key, value in told.items()}
    if "low" in whole:
        whole["low"], whole["high"] = sorted((whole["low"], whole["high"]))
    return whole


async def nothing(_world: World, _recorded: list[Json]) -> None:
    """Let the south have nobody whom the north has."""


async def meddle(world: World, recorded: list[Json]) -> None:
    """Let the south have the same people, joined and contradicted across agencies."""
    a, b, c, d, e = recorded
    bridge, wedge, twin = [
        await world.south.record(**somebody(n)) for n in (20, 21, 22)
    ]
    for other, one in ((bridge, a), (bridge, b), (wedge, c), (wedge, d), (twin, e)):
        await found(world.database, world.south, one, other)
    waiting = (await world.desk.get("/reviews")).json()["items"]
    assert len(waiting) == 5
    wedged = {d["id"], wedge["id"]}
    for review in sorted(waiting, key=lambda r: {r["low"], r["high"]} != wedged):
        verdict = DIFFERENT if {review["low"], review["high"]} == wedged else SAME
        path = f"/reviews/{review['id']}/judgement"
        assert (await world.desk.post(path, verdict)).status_code == 201


async def story(world: World, others: Others) -> None:
    """Live through what an agency does, with everything looked at in between."""
    recorded = [await world.ask("POST", "/registrations", sent(n)) for n in range(5)]
    a, b, c, d, e = recorded
    for one, other, evidence in ((a, b, PLAIN), (c, d, PLAIN), (b, e, TWINS)):
        await found(world.database, world.north, one, other, evidence=evidence)
    queue = (await world.ask("GET", "/reviews"))["items"]
    joined = next(
        one for one in queue if {one["low"], one["high"]} == {c["id"], d["id"]}
    )
    made = await world.ask("POST", f"/reviews/{joined['id']}/judgement", SAME)
    await others(world, recorded)
    await world.look(recorded)
    await world.ask("POST", f"/judgements/{made['judgement']['id']}/undo", REASON)
    await world.ask("POST", f"/reviews/{queue[0]['id']}/claim")
    await world.ask("POST", f"/reviews/{queue[0]['id']}/judgement", DIFFERENT)
    await world.look(recorded)
    await world.ask("POST", "/linkage/rekey")
    await world.ask("POST", f"/registrations/{e['id']}/withdrawal")
    await world.look(recorded)


def sent(number: int) -> Json:
    return somebody(number) | {"source_id": f"N-{number}"}


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with monkeypatch.context() as patched:
        patched.setattr(telemetry, "tracer", provider.get_tracer("test"))
        yield exporter


@asynccontextmanager
async def world(
    fresh: Freshly, spans: InMemorySpanExporter, *agreed: Agreed
) -> AsyncIterator[World]:
    database, keys = await fresh("beneficiaries"), await fresh("keys")
    app = create_app(
        Settings(
            database=database.url,
            keys=keys.url,
            master_key=MASTER,
            passport_key=PUBLIC,
            audit_key=PRIVATE,
        )
    )
    transport = ASGITransport(Traced(Guarded(app)))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://service") as client,
    ):
        north, south, desk = (
            Agency(client, name, EVERYTHING)
            for name in ("unicef", "who", "registry-desk")
        )
        about = north.by("officer", *agreed, purpose=Purpose.ASSISTANCE)
        yield World(about, south, desk, database, spans)


async def heard(
    fresh: Freshly,
    monkeypatch: pytest.MonkeyPatch,
    others: Others,
    *agreed: Agreed,
) -> list[Heard]:
    with watched(monkeypatch) as spans:
        async with world(fresh, spans, *agreed) as here:
            await story(here, others)
            return here.heard


async def test_what_others_know_changes_nothing_that_an_agency_hears(
    fresh: Freshly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an agreement too, if it is not the one of whoever has the link."""
    elsewhere = Agreed("undp", Level.FIELDS, frozenset(Shared))
    alone = await heard(fresh, monkeypatch, nothing, elsewhere)
    among = await heard(fresh, monkeypatch, meddle, elsewhere)
    assert len(alone) > 60
    assert sum(one.statements for one in alone) > 120
    assert sum(one.entries for one in alone) > 20
    for one, other in zip(alone, among, strict=True):
        assert one == other


async def test_the_story_has_links_that_an_agreement_would_tell(
    fresh: Freshly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: whoever has the links agrees, and just they are told."""
    among = await heard(fresh, monkeypatch, meddle, Agreed("who", Level.EXISTS))
    told = {one.asked for one in among if '"agency": "who"' in one.body}
    assert "GET /links" in told
    assert [asked for asked in told if "/links" not in asked] == []


async def test_registering_whom_others_have_answers_the_same(
    fresh: Freshly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is asked as often, too, whoever is found there."""
    answers: list[Any] = []
    with watched(monkeypatch) as spans:
        for others in (somebody(9), somebody(0)):
            async with world(fresh, spans) as here:
                await here.south.record(**others)
                recorded = await here.ask("POST", "/registrations", sent(0))
                path = f"/registrations/{recorded['id']}"
                await here.ask("PUT", path, sent(0) | {"place": "zvecan"})
                await here.ask("POST", "/registrations", sent(0))
                await here.ask("POST", "/linkage/rekey")
                await here.ask("POST", f"{path}/withdrawal")
                answers.append(here.heard)
    assert answers[0] == answers[1]
