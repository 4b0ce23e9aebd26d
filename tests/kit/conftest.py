"""A service with one table of notes, which stands for every service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic_settings import SettingsConfigDict
from sqlalchemy import MetaData, cast
from sqlalchemy import Uuid as UuidColumn
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from services.kit import settings, telemetry
from services.kit.audit import Entry, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements, Transaction
from services.kit.http import Body, refusing
from services.kit.refusals import Invalid, NotPermitted, Unauthenticated
from services.kit.service import create, running
from tests.databases import Fresh, Freshly, execute
from tests.passports import PRIVATE, PUBLIC, shown

MINE = "(select nullif(current_setting('app.agency', true), ''))"
# The text is unique, which is looked at when the transaction commits and not before.
NOTES = f"""
create table note (
    id uuid primary key default gen_random_uuid(),
    agency text not null default {MINE.removeprefix("(select ").removesuffix(")")},
    text text not null unique deferrable initially deferred
);
alter table note enable row level security;
alter table note force row level security;
create policy own_rows on note using (agency = {MINE}) with check (agency = {MINE});
grant select, insert on note to grants;
"""
WRITE = "insert into note (text) values ($1)"
PERMISSION = "office.note:write"
Writer = Annotated[Caller, holding(PERMISSION)]
router = APIRouter(responses=refusing(Unauthenticated, NotPermitted, Invalid))


class Table(SQLModel, registry=registry(metadata=MetaData())):
    pass


class Note(Table, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    agency: str
    text: str


class Settings(settings.Settings):
    model_config = SettingsConfigDict(env_prefix="OFFICE_")

    port: int = 8009


class NoteBody(Body):
    text: str
    number: int = 0


@router.post("/notes", status_code=201)
async def write_note(
    body: NoteBody, writer: Writer, request: RequestId, connection: Statements
) -> dict[str, str]:
    await connection.execute(WRITE, body.text)
    await record(connection, Entry(request, "note:write", writer))
    return {"outcome": "written"}


@router.post("/notes/by-session", status_code=201)
async def write_by_session(
    body: NoteBody, writer: Writer, session: Transaction
) -> dict[str, str]:
    session.add(Note(text=body.text, agency=writer.agency))
    return {"outcome": "written"}


@router.get("/notes")
async def list_notes(
    _writer: Writer, session: Transaction, limit: int = 9
) -> list[str]:
    found = await session.exec(select(Note).order_by(Note.text).limit(limit))
    return [one.text for one in found]


@router.get("/notes/{key}")
async def read_note(key: UUID, _writer: Writer, connection: Statements) -> list[str]:
    rows = await connection.fetch("select text from note where id = $1", key)
    return [row["text"] for row in rows]


@router.post("/faults")
async def have_a_fault(body: NoteBody, _writer: Writer) -> None:
    raise RuntimeError(body.text)


@router.post("/failing-statements")
async def fail(
    body: NoteBody, _writer: Writer, session: Transaction, connection: Statements
) -> None:
    if body.number:
        await session.exec(select(cast(body.text, UuidColumn)))
    await connection.fetchval("select $1::text::uuid", body.text)


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    made = await fresh("grants")
    await execute(made.owner, NOTES)
    return made


def office_on(url: str) -> FastAPI:
    given = Settings(database=url, audit_key=PRIVATE)

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, given):
            yield

    return create("office", given, PUBLIC, [router], live)


@pytest.fixture
async def office(database: Fresh) -> AsyncIterator[FastAPI]:
    app = office_on(database.url)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def speaking(app: Any) -> AsyncIterator[AsyncClient]:  # noqa: ANN401 -- any ASGI application
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://office") as client:
        client.headers.update(agency("unicef"))
        yield client


@pytest.fixture
async def client(office: FastAPI) -> AsyncIterator[AsyncClient]:
    async with speaking(office) as client:
        yield client


def agency(name: str, *permissions: str) -> dict[str, str]:
    return shown("office", name, permissions or (PERMISSION,))


def note(written: str | None = None) -> dict[str, str]:
    return {"text": written or str(uuid4())}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Keep the spans of the kit, which are otherwise nobody's."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("test"))
    return exporter
