"""Organisations: record, find, read, list, correct; one record for all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations import store
from services.grants.organisations.actions import alike
from services.grants.organisations.models import Organisation
from services.grants.organisations.names import LIKELY, likest
from services.grants.organisations.rules import (
    MOST_NAMES,
    Content,
    Kind,
    NotLasting,
    Number,
    OtherOrganisation,
    RecordedByAnother,
    Registry,
    Spelling,
    TooManyNames,
    bare,
)
from services.grants.organisations.views import (
    LikenessView,
    OrganisationView,
    RecordedView,
    likeness_view,
    shown,
)
from services.grants.permissions import Grants
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, refusing
from services.kit.pages import Page, PageQuery, following
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.texts import Line, PlaceCode

router = APIRouter(
    prefix="/organisations",
    tags=["organisations"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
FOUND = 0.6  # less alike than this is not what was asked for

Recorder = Annotated[Caller, holding(Grants.RECORD_ORGANISATIONS)]
Reader = Annotated[Caller, holding(Grants.READ_ORGANISATIONS)]


class Listing(PageQuery):
    """Which organisations are listed."""

    kind: Kind | None = None
    municipality: PlaceCode | None = None


class Search(Body):
    """Look for a name as anybody may write it, or for a registry's number."""

    name: Line | None = None
    registered_in: Registry | None = None
    registration_number: Number | None = None


class SameAs(Body):
    """The lasting record of the same body; null, if there is none after all."""

    organisation: UUID | None


@router.post(
    "",
    status_code=201,
    responses=refusing(OtherOrganisation) | {200: {"model": RecordedView}},
)
async def record_organisation(
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
    response: Response,
) -> RecordedView:
    """Record an organisation, for all to see. The same again, by its number: 200.

    `looks_like` tells which records could be the same body; you decide if they are.
    """
    organisation = Organisation.of(content, recorder)
    if await store.add(session, organisation):
        await store.spell(session, recorder, organisation.id, content.spellings)
        entry = Entry(request, "organisation:record", recorder, organisation.id)
        await record(await driver(session), entry)
    else:
        organisation = await _there(session, recorder, content)
        response.status_code = 200
    [recorded] = await shown(session, recorder, organisation)
    called = [one.text for one in content.spellings]
    found = await alike(session, recorder, called, LIKELY, but=[organisation.id])
    return RecordedView(
        organisation=recorded, looks_like=[likeness_view(one) for one in found]
    )


async def _there(
    session: AsyncSession, recorder: Caller, content: Content
) -> Organisation:
    """Give the record under this number, if it can be the one that is meant."""
    number = content.registration_number
    there = await store.numbered(session, recorder, content.registered_in, number)
    if there is None:
        raise OtherOrganisation
    known = (await store.names(session, recorder, [there.id])).get(there.id, [])
    called = [one.text for one in content.spellings]
    if likest(called, [one.text for one in known]) < LIKELY:
        raise OtherOrganisation
    return there


@router.get("")
async def list_organisations(
    reader: Reader, listing: Annotated[Listing, Query()], session: Transaction
) -> Page[OrganisationView]:
    """List organisations, a page at a time."""
    found = await store.page(
        session,
        reader,
        listing.after(),
        listing.fetched,
        listing.kind,
        listing.municipality,
    )
    items = await shown(session, reader, *found[: listing.limit])
    return Page(items=items, next=following(found, listing.limit))


@router.post("/search")
async def find_organisations(
    body: Search, reader: Reader, session: Transaction
) -> list[LikenessView]:
    """Find organisations by a name in any spelling, or by number; the likest first."""
    number = body.registration_number
    there = await store.numbered(session, reader, body.registered_in, number)
    if there is not None:
        return [
            LikenessView(organisation=one, likeness=1)
            for one in await shown(session, reader, there)
        ]
    called = [] if body.name is None else [body.name]
    found = await alike(session, reader, called, FOUND)
    return [likeness_view(one) for one in found]


@router.get("/{key}", responses=refusing(NotFound))
async def read_organisation(
    key: UUID, reader: Reader, session: Transaction
) -> OrganisationView:
    """Read an organisation."""
    organisation = await store.find(session, reader, key)
    return (await shown(session, reader, organisation))[0]


@router.put(
    "/{key}", responses=refusing(NotFound, RecordedByAnother, OtherOrganisation)
)
async def correct_organisation(
    key: UUID,
    content: Content,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> OrganisationView:
    """Correct a record of yours; the names that others have added stay."""
    organisation = await store.own(session, recorder, key)
    number = content.registration_number
    there = await store.numbered(session, recorder, content.registered_in, number)
    if there is not None and there.id != key:
        raise OtherOrganisation
    told = content.model_dump(exclude={"other_names"})
    organisation.sqlmodel_update(told | {"bare_number": bare(number)})
    await store.respell(session, recorder, key, content.spellings)
    entry = Entry(request, "organisation:correct", recorder, key)
    await record(await driver(session), entry)
    return (await shown(session, recorder, organisation))[0]


@router.post(
    "/{key}/names", status_code=201, responses=refusing(NotFound, TooManyNames)
)
async def add_name(
    key: UUID,
    spelling: Spelling,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> OrganisationView:
    """Add a name in another language or spelling to any organisation's record."""
    organisation = await store.find(session, recorder, key)
    known = (await store.names(session, recorder, [key])).get(key, [])
    if len(known) >= MOST_NAMES:
        raise TooManyNames
    await store.spell(session, recorder, key, [spelling])
    await record(await driver(session), Entry(request, "name:add", recorder, key))
    return (await shown(session, recorder, organisation))[0]


@router.put(
    "/{key}/same-as", responses=refusing(NotFound, RecordedByAnother, NotLasting)
)
async def find_same(
    key: UUID,
    body: SameAs,
    recorder: Recorder,
    request: RequestId,
    session: Transaction,
) -> OrganisationView:
    """Say that a record of yours is a second one of a body; null takes it back."""
    organisation = await store.own(session, recorder, key)
    if body.organisation is not None:
        lasting = await store.find(session, recorder, body.organisation)
        second = await store.has_second_records(session, recorder, key)
        if lasting.same_as is not None or second or lasting.id == key:
            raise NotLasting
    organisation.same_as = body.organisation
    about = {"same_as": str(body.organisation)}
    entry = Entry(request, "organisation:same-as", recorder, key, about)
    await record(await driver(session), entry)
    return (await shown(session, recorder, organisation))[0]
