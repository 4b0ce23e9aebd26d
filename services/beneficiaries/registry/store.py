"""Every query of the registry. Nothing is read without saying who reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.beneficiaries.linkage.store import MOST, Entered, match_keys
from services.beneficiaries.registry.models import Registration, RegistrationVersion
from services.kit.callers import Caller
from services.kit.refusals import NotFound

ENTER = (
    "select * from enter($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
)
CORRECT = """
with version as (
    insert into registration_version
        (id, registration, agency, number, digest, personal, recorded_by)
    values ($3, $1, $2, $4, $5, $6, $7)
), attribute as (
    update protected_attribute set communities = $8 where registration = $1
)
update registration set version = $4 where id = $1
"""
HELD = """
select r.id, r.source_digest, r.version, r.withdrawn_at, r.erased_at, v.digest
from registration r
join registration_version v on v.registration = r.id and v.number = r.version
where r.agency = $1 and r.id = $2 for update of r
"""
WITHDRAW = """
update registration set withdrawn_at = now() where agency = $1 and id = $2
"""
# Its source id may be used again: the digest gives way to the id, which is nobody's.
ERASE = """
with versions as (
    update registration_version set personal = '', digest = '', recorded_by = ''
    where agency = $1 and registration = $2
), attribute as (
    update protected_attribute set communities = ''
    where agency = $1 and registration = $2
)
update registration
set erased_at = now(), withdrawn_at = coalesce(withdrawn_at, now()),
    source_digest = uuid_send(id)
where agency = $1 and id = $2
"""
BY_KEYS = """
select distinct t.registration, t.traits from match_key m
join trait t on t.registration = m.registration
where m.key = any($2::bigint[]) and t.agency = $1 limit 200
"""

Rows = Sequence[asyncpg.Record]
Pair = tuple[Registration, RegistrationVersion]


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a registration as it is kept: digests and sealed payloads."""

    source_digest: bytes
    version: UUID
    digest: bytes
    personal: bytes
    communities: bytes
    scheme: int
    entered: Entered
    locks: tuple[int, ...]

    @property
    def registration(self) -> UUID:
        return self.entered.registration


@dataclass(frozen=True, slots=True)
class Shown:
    """A registration and the version of it that is asked for, still sealed."""

    registration: Registration
    version: RegistrationVersion


async def enter(
    connection: asyncpg.Connection,
    caller: Caller,
    new: Sequence[Written],
) -> Sequence[asyncpg.Record]:
    """Enter what is new; give what the caller knows already, and whom the others met.

    It waits for everyone who is recording somebody alike: for all keys, sorted, and not
    for the strongest, because near duplicates of one instant share only some. A row
    with a `candidate` is of a new registration; one without is of a known source.
    """
    rows: Rows = await connection.fetch(
        ENTER,
        sorted({lock for one in new for lock in one.locks}),
        caller.agency,
        caller.subject,
        [one.source_digest for one in new],
        [one.registration for one in new],
        [one.version for one in new],
        [one.digest for one in new],
        [one.personal for one in new],
        [one.communities for one in new],
        [one.scheme for one in new],
        [one.entered.traits for one in new],
        *match_keys(one.entered for one in new),
        MOST,
    )
    return rows


async def held(
    connection: asyncpg.Connection, caller: Caller, key: UUID
) -> asyncpg.Record:
    """Find one of the caller's registrations and hold it until the transaction ends."""
    if (row := await connection.fetchrow(HELD, caller.agency, key)) is None:
        raise NotFound
    return row


async def correct(
    connection: asyncpg.Connection, caller: Caller, number: int, changed: Written
) -> None:
    await connection.execute(
        CORRECT,
        changed.registration,
        caller.agency,
        changed.version,
        number,
        changed.digest,
        changed.personal,
        caller.subject,
        changed.communities,
    )


async def withdraw(connection: asyncpg.Connection, caller: Caller, key: UUID) -> None:
    await connection.execute(WITHDRAW, caller.agency, key)


async def erase(connection: asyncpg.Connection, caller: Caller, key: UUID) -> None:
    """Empty every version and the protected attributes; leave the tombstone."""
    await connection.execute(ERASE, caller.agency, key)


async def by_keys(
    connection: asyncpg.Connection, caller: Caller, keys: Sequence[int]
) -> Sequence[asyncpg.Record]:
    """Give the caller's own registrations that share a match key with a search."""
    rows: Rows = await connection.fetch(BY_KEYS, caller.agency, keys)
    return rows


async def find(session: AsyncSession, caller: Caller, key: UUID) -> Shown:
    found = await some(session, caller, [key])
    if not found:
        raise NotFound
    return found[0]


async def some(
    session: AsyncSession, caller: Caller, keys: Sequence[UUID]
) -> Sequence[Shown]:
    """Give those that are the caller's, in their current version."""
    wanted = _current(caller).where(col(Registration.id).in_(keys))
    return [Shown(*row) for row in await session.exec(wanted)]


async def page(
    session: AsyncSession, caller: Caller, after: UUID | None, limit: int
) -> Sequence[Shown]:
    wanted = _current(caller).order_by(col(Registration.id)).limit(limit)
    if after is not None:
        wanted = wanted.where(Registration.id > after)
    return [Shown(*row) for row in await session.exec(wanted)]


def _mine(caller: Caller) -> Select[*Pair]:
    same = col(RegistrationVersion.registration) == col(Registration.id)
    rows = select(Registration, RegistrationVersion).join(RegistrationVersion, same)
    return rows.where(Registration.agency == caller.agency)


def _current(caller: Caller) -> Select[*Pair]:
    newest = col(RegistrationVersion.number) == col(Registration.version)
    return _mine(caller).where(newest)


async def versions(session: AsyncSession, caller: Caller, key: UUID) -> Sequence[Shown]:
    """Give every version of one of the caller's registrations, the oldest first."""
    all_ = _mine(caller).where(Registration.id == key)
    found = await session.exec(all_.order_by(col(RegistrationVersion.number)))
    if not (shown := [Shown(*row) for row in found]):
        raise NotFound
    return shown
