"""Withholdings: say that an organisation is never to be published; take it back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.grants.organisations import store as organisations
from services.grants.permissions import Grants
from services.grants.withholdings import store
from services.grants.withholdings.models import Withholding
from services.grants.withholdings.rules import NotForOthers, may_speak
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/organisations/{key}/withholding",
    tags=["organisations"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid, NotFound, NotForOthers),
)

Speaker = Annotated[Caller, holding(Grants.WITHHOLD_ORGANISATIONS)]


class WithholdingView(View):
    """Your word on an organisation; that others have said the same is not told."""

    organisation: UUID
    recorded_at: datetime


@router.put("", response_model=WithholdingView)
async def withhold_organisation(
    key: UUID, speaker: Speaker, request: RequestId, session: Transaction
) -> object:
    """Say that an organisation is not to be published, by you or by anybody else.

    Every award in which it was ever asked to take part is left out of every export.
    """
    may_speak(speaker.organisation, key)
    await organisations.find(session, speaker, key)
    word = Withholding(
        organisation=key, agency=speaker.agency, recorded_by=speaker.subject
    )
    if await store.add(session, word):
        entry = Entry(request, "organisation:withhold", speaker, key)
        await record(await driver(session), entry)
    return await store.find(session, speaker, key)


@router.get("", response_model=WithholdingView)
async def read_withholding(key: UUID, speaker: Speaker, session: Transaction) -> object:
    """Read whether you have said that an organisation is not to be published."""
    may_speak(speaker.organisation, key)
    return await store.find(session, speaker, key)


@router.delete("", status_code=204)
async def take_back_withholding(
    key: UUID, speaker: Speaker, request: RequestId, session: Transaction
) -> None:
    """Take back your word; an organisation that others withhold stays withheld."""
    may_speak(speaker.organisation, key)
    await store.find(session, speaker, key)
    await store.take_back(session, speaker, key)
    entry = Entry(request, "organisation:take-back-withholding", speaker, key)
    await record(await driver(session), entry)
