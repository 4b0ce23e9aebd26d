"""A person's timeline across the services, for who may see each part of it.

Beneficiaries is asked in the caller's own name, so it tells of the caller's own
registrations and which of them are one person; what employment knows of those is added.
Grants knows of organisations alone, and of nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import col, select

from services.employment.neighbours import Moment, Neighbours, neighbours
from services.employment.permissions import Employment
from services.employment.placements.actions import put_reading_on_record
from services.employment.placements.models import Placement
from services.employment.trainings.models import Participant
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(
    tags=["placements"],
    responses=refusing(Unauthenticated, NotPermitted, NotFound, Invalid, Unavailable),
)
Reader = Annotated[Caller, holding(Employment.READ_PLACEMENTS)]


class EntryView(View):
    """Something that happened to somebody: what, by which service, of which record."""

    at: datetime
    service: str
    what: str
    registration: UUID
    record: UUID
    starts_on: date | None = None
    ends_on: date | None = None


async def asked(
    key: UUID,
    _reader: Reader,
    request_id: RequestId,
    asking: Annotated[Neighbours, Depends(neighbours)],
    request: Request,
) -> list[Moment]:
    """Ask what beneficiaries knows, before the transaction holds a connection."""
    passport = request.headers["authorization"].partition(" ")[2]
    return await asking.timeline(key, passport, request_id)


Asked = Annotated[list[Moment], Depends(asked)]


@router.get("/registrations/{key}/timeline")
async def read_timeline(
    key: UUID, told: Asked, reader: Reader, request: RequestId, session: Transaction
) -> list[EntryView]:
    """Read what happened to somebody: registrations, consents, trainings, jobs."""
    own = {key, *(one.registration for one in told)}
    placed = select(Placement).where(Placement.agency == reader.agency)
    trained = select(Participant).where(Participant.agency == reader.agency)
    at = await session.exec(placed.where(col(Placement.registration).in_(own)))
    placements = at.all()
    by = await session.exec(trained.where(col(Participant.registration).in_(own)))
    await put_reading_on_record(session, reader, request, placements)
    entries = [*_registered(told), *_placed(placements), *_trained(by.all())]
    return sorted(entries, key=lambda entry: entry.at)


def _registered(told: Iterable[Moment]) -> Iterator[EntryView]:
    for one in told:
        about = {"registration": one.registration, "record": one.registration}
        yield EntryView(at=one.at, service="beneficiaries", what=one.what, **about)


def _placed(placements: Iterable[Placement]) -> Iterator[EntryView]:
    for one in placements:
        yield EntryView(
            at=one.recorded_at,
            service="employment",
            what=f"placement.{one.status}",
            registration=one.registration,
            record=one.id,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
        )


def _trained(participants: Iterable[Participant]) -> Iterator[EntryView]:
    for one in participants:
        if one.registration is not None:
            about = {"registration": one.registration, "record": one.training}
            what = "training.joined"
            yield EntryView(
                at=one.recorded_at, service="employment", what=what, **about
            )
