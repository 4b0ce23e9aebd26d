"""Where a registration stands that has moved: the later of two answers about it.

Who somebody is, is asked before the transaction that writes it. What the feed says of
the registration meanwhile would be overwritten, so it is looked at again in between.
"""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.employment.neighbours import Person
from services.employment.tables import Table
from services.kit.callers import Caller
from services.kit.refusals import NotFound


class Standing(Table, table=True):
    """The last that the feed said of a registration; an erased one has no person."""

    registration: UUID = Field(primary_key=True)
    agency: str
    person: UUID | None = None
    contested: bool
    moves: int
    erased: bool = False


def place(registration: UUID) -> str:
    """Name the lock under which a registration's person is written or followed."""
    return f"registration {registration}"


async def latest(
    session: AsyncSession, caller: Caller, registration: UUID, asked: Person
) -> Person:
    """Give what is known by now of a registration, and hold it until the end."""
    lock = func.hashtextextended(place(registration), 0)
    await session.exec(select(func.pg_advisory_xact_lock(lock)))
    mine = select(Standing).where(Standing.agency == caller.agency)
    found = await session.exec(mine.where(Standing.registration == registration))
    if (heard := found.one_or_none()) is None:
        return asked
    if heard.person is None:
        raise NotFound
    if heard.moves <= asked.moves:
        return asked
    return Person(person=heard.person, contested=heard.contested, moves=heard.moves)
