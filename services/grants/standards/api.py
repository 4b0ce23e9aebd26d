"""Open standards: publish awards, and take in organisations that others publish."""

from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from services.grants.organisations.rules import OtherOrganisation
from services.grants.permissions import Grants
from services.grants.standards import giving, iati, models, store
from services.grants.standards.actions import Sessions, begun, published
from services.grants.standards.incoming import Package, contents
from services.grants.standards.rules import (
    NoPublisher,
    NothingToPublish,
    Publisher,
    Reference,
)
from services.grants.standards.taking import Outcome, take_in
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction, transaction
from services.kit.http import Body, View, refusing
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)
from services.kit.texts import Line

router = APIRouter(
    prefix="/standards",
    tags=["open standards"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Grants.RECORD_PUBLISHERS)]
Exporter = Annotated[Caller, holding(Grants.EXPORT_AWARDS)]
Importer = Annotated[Caller, holding(Grants.IMPORT_ORGANISATIONS)]


class PublisherBody(Body):
    """The identifier by which registers of publishers know your agency, and its name.

    A prefix of org-id.guide and the number there: UNDP is XM-DAC-41114.
    """

    reference: Reference
    name: Line


class PublisherView(View):
    """Under which reference your agency publishes, as IATI and 360Giving name it."""

    reference: str
    name: str
    recorded_at: datetime


class Taken(View):
    """What became of one organisation; `looks_like` are records that could be it."""

    identifier: str
    organisation: UUID
    outcome: Outcome
    looks_like: list[UUID]


class Json(StreamingResponse):
    """JSON as it is written."""

    media_type = giving.MEDIA


# The package is 360Giving's own form, which its schema describes and not ours.
PACKAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            giving.MEDIA: {"schema": {"type": "object", "additionalProperties": True}}
        }
    }
}


class Xml(StreamingResponse):
    """XML as it is written."""

    media_type = iati.MEDIA


async def sessions(request: Request, exporter: Exporter) -> Sessions:
    """Open transactions one after another, none for as long as somebody reads."""
    return partial(asynccontextmanager(transaction), request, exporter)


Opening = Annotated[Sessions, Depends(sessions)]


async def publishing(
    request: Request, exporter: Exporter, request_id: RequestId, opening: Opening
) -> Publisher:
    """Tell who publishes, and put on record in which format."""
    async with opening() as session:
        if (kept := await store.publisher(session, exporter)) is None:
            raise NoPublisher
        standard = request.url.path.rpartition("/")[2]
        entry = Entry(request_id, "award:export", exporter, None, {"as": standard})
        await record(await driver(session), entry)
    return Publisher(kept.reference, kept.name)


Publishing = Annotated[Publisher, Depends(publishing)]


@router.put("/publisher", response_model=PublisherView)
async def record_publisher(
    body: PublisherBody, recorder: Recorder, request: RequestId, session: Transaction
) -> object:
    """Say under which identifier your agency publishes."""
    publisher = models.Publisher(
        **body.model_dump(), agency=recorder.agency, recorded_by=recorder.subject
    )
    await store.publish_as(session, publisher)
    await record(await driver(session), Entry(request, "publisher:record", recorder))
    return publisher


@router.get("/publisher", response_model=PublisherView, responses=refusing(NotFound))
async def read_publisher(exporter: Exporter, session: Transaction) -> object:
    """Read under which identifier your agency publishes."""
    if (publisher := await store.publisher(session, exporter)) is None:
        raise NotFound
    return publisher


@router.get(
    "/360giving",
    response_class=Json,
    responses=refusing(NoPublisher, NothingToPublish, Unavailable) | PACKAGE,
)
async def export_as_360giving(
    exporter: Exporter, publisher: Publishing, opening: Opening
) -> Json:
    """Export your awards as a 360Giving package, without what protection forbids."""
    grants = await begun(published(opening, exporter))
    return Json(giving.package(publisher, now().date(), grants))


@router.get(
    "/iati",
    response_class=Xml,
    responses=refusing(NoPublisher, NothingToPublish, Unavailable),
)
async def export_as_iati(
    exporter: Exporter, publisher: Publishing, opening: Opening
) -> Xml:
    """Export your awards as IATI activities, without what protection forbids."""
    grants = await begun(published(opening, exporter))
    return Xml(iati.document(publisher, now(), grants))


@router.post("/organisations", responses=refusing(OtherOrganisation))
async def import_organisations(
    package: Package, importer: Importer, request: RequestId, session: Transaction
) -> list[Taken]:
    """Take in the organisations that a 360Giving package's grants went to: all or none.

    Who is known by its identifier is found again; who is only alike you decide.
    """
    return [
        Taken.model_validate(await take_in(session, importer, request, identifier, one))
        for identifier, one in contents(package).items()
    ]
