"""Registrations: record, read, list, find, correct, withdraw, history."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, model_validator

from services.beneficiaries.particulars import BirthDate, Document, Names
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.places import PLACES
from services.beneficiaries.registry import ending, search, store
from services.beneficiaries.registry.actions import Registrar
from services.beneficiaries.registry.limit import Limited, correcting, searching
from services.beneficiaries.registry.rules import (
    Content,
    OtherContent,
    OtherSource,
    Outcome,
    Withdrawn,
)
from services.beneficiaries.registry.views import (
    PlaceView,
    ReceiptView,
    RegistrationView,
    receipt_view,
    view,
)
from services.kit.callers import Authenticated, Caller, RequestId, holding
from services.kit.database import Statements, Transaction
from services.kit.http import Body, refusing
from services.kit.limits import TooOften
from services.kit.pages import Page, Paged, following
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["registrations"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)

Recorder = Annotated[Caller, holding(Beneficiaries.RECORD_REGISTRATIONS)]
Reader = Annotated[Caller, holding(Beneficiaries.READ_REGISTRATIONS)]
Finder = Annotated[Caller, holding(Beneficiaries.FIND_REGISTRATIONS)]
Corrector = Annotated[Caller, holding(Beneficiaries.CORRECT_REGISTRATIONS)]
Withdrawer = Annotated[Caller, holding(Beneficiaries.WITHDRAW_REGISTRATIONS)]
Eraser = Annotated[Caller, holding(Beneficiaries.ERASE_REGISTRATIONS)]
Traveller = Annotated[Caller, holding(Beneficiaries.READ_PLACES)]


async def registrar(request: Request) -> Registrar:
    found: Registrar = request.app.state.registrar
    return found


Office = Annotated[Registrar, Depends(registrar)]


class SearchBody(Body):
    """Whom to look for: names with a birth date, full names, or a document."""

    names: Names | None = None
    birth: BirthDate = BirthDate()
    documents: Annotated[tuple[Document, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _asks_for_somebody(self) -> "SearchBody":
        if self.names is None and not self.documents:
            message = "names or a document are needed"
            raise ValueError(message)
        return self


async def checked(content: Content) -> Content:
    """Refuse what cannot be true today; unreadable dates are for imports alone."""
    reason = content.wrong_on(datetime.now(UTC).date())
    if not content.readable():
        reason = "A birth date as written is kept by imports only."
    if reason:
        raise Invalid({"pointer": "/body/birth", "reason": reason})
    return content


Checked = Annotated[Content, Depends(checked)]


async def unrepeated(
    content: Checked, caller: Authenticated, request: RequestId, probing: Limited
) -> Content:
    await probing.refuse_repeating(caller, request, content.source_id)
    return content


Unrepeated = Annotated[Content, Depends(unrepeated)]


@router.post(
    "/registrations",
    status_code=201,
    responses=refusing(OtherContent, TooOften) | {200: {"model": ReceiptView}},
)
async def record_registration(  # noqa: PLR0913 -- each is a dependency
    content: Unrepeated,
    recorder: Recorder,
    request: RequestId,
    office: Office,
    probing: Limited,
    connection: Statements,
    response: Response,
) -> ReceiptView:
    """Record somebody. The same content again answers 200 with what is there."""
    draft = office.draft(recorder, content)
    [receipt] = await office.record(connection, recorder, request, [draft])
    if isinstance(receipt, type) or receipt.outcome is Outcome.UNCHANGED:
        probing.repeated(recorder, content.source_id)
        response.status_code = 200
    if isinstance(receipt, type):
        raise receipt
    return receipt_view(receipt)


@router.get("/registrations")
async def list_registrations(
    reader: Reader,
    page: Paged,
    request: RequestId,
    office: Office,
    session: Transaction,
) -> Page[RegistrationView]:
    """List your own registrations, a page at a time."""
    found = await store.page(session, reader, page.after(), page.fetched)
    opened = await office.open(session, reader, request, found[: page.limit])
    last = following([one.registration for one in found], page.limit)
    return Page(items=[view(one) for one in opened], next=last)


@router.post(
    "/registrations/search",
    responses=refusing(TooOften),
    dependencies=[Depends(searching)],
)
async def find_registrations(
    body: SearchBody,
    finder: Finder,
    request: RequestId,
    office: Office,
    session: Transaction,
) -> list[RegistrationView]:
    """Find among your own registrations, the likeliest first, at most twenty."""
    opened = await search.find(
        office, session, finder, request, body.names, body.birth, body.documents
    )
    return [view(one) for one in opened]


@router.get("/registrations/{key}", responses=refusing(NotFound))
async def read_registration(
    key: UUID, reader: Reader, request: RequestId, office: Office, session: Transaction
) -> RegistrationView:
    """Read one of your own registrations in its current version."""
    shown = await store.find(session, reader, key)
    opened = await office.open(session, reader, request, [shown])
    if not opened:
        raise NotFound
    return view(opened[0])


@router.put(
    "/registrations/{key}",
    responses=refusing(NotFound, OtherSource, Withdrawn, TooOften),
    dependencies=[Depends(correcting)],
)
async def correct_registration(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    content: Checked,
    corrector: Corrector,
    request: RequestId,
    office: Office,
    connection: Statements,
) -> ReceiptView:
    """Write a new version; the old one stays in the history."""
    return receipt_view(
        await office.correct(connection, corrector, request, key, content)
    )


@router.post(
    "/registrations/{key}/withdrawal", status_code=204, responses=refusing(NotFound)
)
async def withdraw_registration(
    key: UUID, withdrawer: Withdrawer, request: RequestId, connection: Statements
) -> None:
    """End a registration; it stays on record and is matched with nothing again."""
    await ending.withdraw(connection, withdrawer, request, key)


@router.post(
    "/registrations/{key}/erasure", status_code=204, responses=refusing(NotFound)
)
async def erase_registration(
    key: UUID,
    eraser: Eraser,
    request: RequestId,
    office: Office,
    connection: Statements,
) -> None:
    """Erase a registration for good; nobody can bring back what it said."""
    keyring = office.matcher.keyring
    await ending.erase(connection, eraser, request, key, keyring)


@router.get("/registrations/{key}/history", responses=refusing(NotFound))
async def list_versions(
    key: UUID, reader: Reader, request: RequestId, office: Office, session: Transaction
) -> list[RegistrationView]:
    """Read every version of one of your own registrations, the oldest first."""
    shown = await store.versions(session, reader, key)
    if not (opened := await office.open(session, reader, request, shown)):
        raise NotFound
    return [view(one) for one in opened]


@router.get("/places")
async def list_places(_traveller: Traveller) -> list[PlaceView]:
    """List the coded places with their names in three languages."""
    return [PlaceView.model_validate(place) for place in PLACES.values()]
