"""Every query on organisations. Nothing is read without saying who reads.

Records are shared, so whoever holds the permission sees all of them; only the tenant
that recorded one may correct it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations.models import (
    Organisation,
    OrganisationKey,
    OrganisationName,
    keys_of,
    names_of,
)
from services.grants.organisations.names import keys
from services.grants.organisations.rules import (
    Kind,
    RecordedByAnother,
    Registry,
    Spelling,
    bare,
)
from services.kit.audit import driver
from services.kit.callers import Caller
from services.kit.refusals import NotFound

Names = Mapping[UUID, Sequence[OrganisationName]]
# Of a key that thousands share only some are looked at; a whole name is a key too.
CANDIDATES: Final = """
select organisation from unnest($1::text[]) as wanted (key)
cross join lateral (
    select organisation from organisation_key k where k.key = wanted.key limit 200
) as hit
group by organisation order by count(distinct key) desc, organisation limit 60
"""


async def add(session: AsyncSession, organisation: Organisation) -> bool:
    """Add an organisation unless its number is taken; tell whether it was added.

    Of two at one instant the second waits for the first, and finds the number taken.
    """
    statement = (
        insert(Organisation)
        .values(organisation.model_dump())
        .on_conflict_do_nothing()
        .returning(col(Organisation.id))
    )
    return (await session.exec(statement)).first() is not None


async def spell(
    session: AsyncSession, caller: Caller, key: UUID, spellings: Sequence[Spelling]
) -> None:
    """Add ways of writing a name; those that are there already stay as they are."""
    await _add(session, OrganisationName, names_of(key, spellings, caller))
    await _add(session, OrganisationKey, keys_of(key, spellings, caller))


async def _add(
    session: AsyncSession,
    kind: type[OrganisationName | OrganisationKey],
    new: Sequence[OrganisationName | OrganisationKey],
) -> None:
    if rows := [one.model_dump() for one in new]:  # a name of signs alone has no key
        await session.exec(insert(kind).values(rows).on_conflict_do_nothing())


async def respell(
    session: AsyncSession, caller: Caller, key: UUID, spellings: Sequence[Spelling]
) -> None:
    """Replace the names that the caller has told; those of others stay."""
    for kind in (OrganisationName, OrganisationKey):
        own = delete(kind).where(col(kind.agency) == caller.agency)
        await session.exec(own.where(col(kind.organisation) == key))
    await spell(session, caller, key, spellings)


async def numbered(
    session: AsyncSession, _: Caller, registered_in: Registry | None, number: str | None
) -> Organisation | None:
    """Give the lasting record under a registry's number, if there is such a number."""
    if registered_in is None or number is None:
        return None
    found = await session.exec(
        select(Organisation).where(
            Organisation.registered_in == registered_in,
            Organisation.bare_number == bare(number),
            col(Organisation.same_as).is_(None),
        )
    )
    return found.one_or_none()


async def find(session: AsyncSession, _: Caller, key: UUID) -> Organisation:
    if (organisation := await session.get(Organisation, key)) is None:
        raise NotFound
    return organisation


async def some(
    session: AsyncSession, _: Caller, keys: Iterable[UUID]
) -> Sequence[Organisation]:
    rows = select(Organisation).where(col(Organisation.id).in_(keys))
    return (await session.exec(rows)).all()


async def own(session: AsyncSession, caller: Caller, key: UUID) -> Organisation:
    """Find a record that the caller may correct, and hold it."""
    rows = select(Organisation).where(Organisation.id == key)
    if (there := (await session.exec(rows)).one_or_none()) is None:
        raise NotFound
    if there.agency != caller.agency:
        raise RecordedByAnother
    return (await session.exec(rows.with_for_update())).one()


async def page(
    session: AsyncSession,
    _: Caller,
    after: UUID | None,
    limit: int,
    kind: Kind | None = None,
    municipality: str | None = None,
) -> Sequence[Organisation]:
    found = select(Organisation)
    if kind is not None:
        found = found.where(Organisation.kind == kind)
    if municipality is not None:
        found = found.where(Organisation.municipality == municipality)
    if after is not None:
        found = found.where(Organisation.id > after)
    return (await session.exec(found.order_by(col(Organisation.id)).limit(limit))).all()


async def names(session: AsyncSession, _: Caller, of: Iterable[UUID]) -> Names:
    rows = select(OrganisationName).where(col(OrganisationName.organisation).in_(of))
    listed: dict[UUID, list[OrganisationName]] = {}
    for one in await session.exec(rows.order_by(col(OrganisationName.id))):
        listed.setdefault(one.organisation, []).append(one)
    return listed


async def candidates(
    session: AsyncSession, caller: Caller, spelled: Iterable[str]
) -> Sequence[Organisation]:
    """Give the organisations that share most of the words that tell these names."""
    connection = await driver(session)
    found = await connection.fetch(CANDIDATES, sorted(keys(spelled)))
    return await some(session, caller, [row["organisation"] for row in found])


async def has_second_records(session: AsyncSession, _: Caller, key: UUID) -> bool:
    """Tell whether other records were found to be the same as this one."""
    rows = select(Organisation.id).where(Organisation.same_as == key).limit(1)
    return (await session.exec(rows)).first() is not None
