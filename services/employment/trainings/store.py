"""Every query on trainings. Nothing is read without saying who reads."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete, distinct, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment import rows
from services.employment.trainings.models import (
    Attendance,
    Participant,
    Session,
    Training,
)
from services.employment.trainings.rules import (
    Kind,
    NotOfThisTraining,
    OtherParticipant,
)
from services.kit.callers import Caller


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Training:
    return await rows.find(session, caller, Training, key)


async def hold(session: AsyncSession, caller: Caller, key: UUID) -> Training:
    """Find a training; nobody else records who was there until the transaction ends."""
    return await rows.find(session, caller, Training, key, hold=True)


async def add(session: AsyncSession, participant: Participant) -> None:
    """Add a participant; a registration takes part in a training once."""
    statement = (
        insert(Participant)
        .values(participant.model_dump())
        .on_conflict_do_nothing(index_elements=["agency", "training", "registration"])
        .returning(col(Participant.id))
    )
    if (await session.exec(statement)).first() is None:
        raise OtherParticipant


async def attend(
    session: AsyncSession, caller: Caller, held: Session, there: Collection[UUID]
) -> None:
    """Write who was at a session, instead of what was written before."""
    takers = select(func.count()).select_from(Participant)
    mine = takers.where(Participant.agency == caller.agency)
    mine = mine.where(Participant.training == held.training)
    if (await session.exec(mine.where(col(Participant.id).in_(there)))).one() != len(
        there
    ):
        raise NotOfThisTraining
    before = delete(Attendance).where(col(Attendance.agency) == caller.agency)
    await session.exec(before.where(col(Attendance.session) == held.id))
    session.add_all(
        Attendance(
            session=held.id, participant=one, training=held.training, agency=held.agency
        )
        for one in sorted(there)
    )


async def there(
    session: AsyncSession, caller: Caller, training: UUID
) -> Mapping[Kind, int]:
    """Count, by kind, who was at any session of a training."""
    counted = select(Participant.kind, func.count(distinct(col(Participant.id))))
    met = counted.join(Attendance, col(Attendance.participant) == Participant.id)
    mine = met.where(Participant.agency == caller.agency)
    of_it = mine.where(Participant.training == training).group_by(Participant.kind)
    return {Kind(kind): many for kind, many in await session.exec(of_it)}


async def held(session: AsyncSession, caller: Caller, training: UUID) -> int:
    """Count the sessions of a training."""
    many = select(func.count()).select_from(Session)
    mine = many.where(Session.agency == caller.agency, Session.training == training)
    return (await session.exec(mine)).one()


async def attended(
    session: AsyncSession, caller: Caller, participants: Collection[UUID]
) -> Mapping[UUID, int]:
    """Count the sessions at which each was; who was at none is missing."""
    who = col(Attendance.participant)
    counted = select(Attendance.participant, func.count())
    mine = counted.where(Attendance.agency == caller.agency, who.in_(participants))
    return dict((await session.exec(mine.group_by(who))).all())
