"""Introducing a person to an organisation, and telling that one who it is.

Employment asks for both: as the agency, which introduces one of its own registrations,
and as the organisation, which shows the introduction that employment has kept for it.
It is sealed: nobody else can open it, and employment cannot make one.
"""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, Field

from services.beneficiaries.introductions import store
from services.beneficiaries.introductions.rules import (
    IntroducedToNobody,
    Introduction,
    agreed_to,
    opened,
    require_in_force,
    seal,
)
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry.models import personal_place
from services.beneficiaries.registry.rules import Content
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated
from services.kit.sealing import DataKey

router = APIRouter(
    tags=["internal"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid),
)

Introducer = Annotated[Caller, holding(Beneficiaries.INTRODUCE_PERSONS)]
Redeemer = Annotated[Caller, holding(Beneficiaries.REDEEM_INTRODUCTIONS)]


class IntroductionBody(Body):
    """Which organisation may know who it is, until when, and whether by phone too."""

    organisation: UUID
    until: AwareDatetime
    phones: bool = False


class SealedView(View):
    """The introduction, for the organisation to show; it says nothing by itself."""

    introduction: str


class RedemptionBody(Body):
    """An introduction, as it was sealed for your organisation."""

    introduction: Annotated[str, Field(max_length=4096)]


class IntroducedView(View):
    """Who it is; at least one name is there, and phones where they were to be told."""

    given: str | None
    family: str | None
    phones: list[str]


@router.post(
    "/registrations/{key}/introductions", responses=refusing(IntroducedToNobody)
)
async def introduce_person(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    body: IntroductionBody,
    introducer: Introducer,
    request_id: RequestId,
    session: Transaction,
    request: Request,
) -> SealedView:
    """Let one organisation know who one of your own registrations is, for a while."""
    await store.find(session, introducer, key)
    consents = await store.consents(session, introducer, key)
    introduction = Introduction(
        **body.model_dump(),
        agency=introducer.agency,
        consent=agreed_to(consents, datetime.now(UTC)).id,
    )
    data_key = await _key(request, key)
    about = {"organisation": str(body.organisation), "phones": body.phones}
    entry = Entry(request_id, "person:introduce", introducer, key, about)
    await record(await driver(session), entry)
    return SealedView(introduction=seal(data_key, key, introduction))


@router.post("/registrations/{key}/introductions/redemption")
async def redeem_introduction(  # noqa: PLR0913 -- each is a dependency
    key: UUID,
    body: RedemptionBody,
    redeemer: Redeemer,
    request_id: RequestId,
    session: Transaction,
    request: Request,
) -> IntroducedView:
    """Be told who was introduced to your organisation; all else is not there."""
    data_key = await _key(request, key)
    introduction = opened(data_key, key, body.introduction)
    introducer = await store.as_introducer(session, redeemer, introduction.agency)
    version = (await store.find(session, introducer, key)).version
    consents = await store.consents(session, introducer, key)
    now = datetime.now(UTC)
    require_in_force(introduction, redeemer.organisation, consents, now)
    about = {"agency": introduction.agency, "phones": introduction.phones}
    entry = Entry(request_id, "introduction:redeem", redeemer, key, about)
    await record(await driver(session), entry)
    place = personal_place(version.id)
    content = Content.kept(data_key.open(version.personal, place))
    phones = content.phones if introduction.phones else ()
    names = content.names
    return IntroducedView(given=names.given, family=names.family, phones=list(phones))


async def _key(request: Request, registration: UUID) -> DataKey:
    keyring: Keyring = request.app.state.keyring
    if (key := (await keyring.fetch([registration])).get(registration)) is None:
        raise NotFound
    return key
