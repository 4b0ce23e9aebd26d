"""The audit: complete, in the order of commits, and broken by whoever touches it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from services.kit import audit
from services.kit.audit import Entry, broken, checkpoint_of, record, seal
from services.kit.callers import Caller
from services.kit.tokens import Verifier
from tests.databases import Fresh, Freshly, execute
from tests.passports import PUBLIC, SIGNER

WHO = Caller("unicef-client", "officer", "unicef", frozenset(), roles=("a", "b"))
UNBOUND = "set session_replication_role = replica;"  # no foreign key holds anybody
ACTS = """
select e.act from audit_link l join audit_entry e on e.id = l.entry order by l.position
"""


@pytest.fixture
async def database(fresh: Freshly) -> Fresh:
    return await fresh("grants")


@pytest.fixture
async def pool(database: Fresh) -> AsyncIterator[asyncpg.Pool]:
    async with await asyncpg.create_pool(database.url, min_size=1) as pool:
        yield pool


def entry(act: str) -> Entry:
    return Entry(uuid4(), act, WHO, uuid4(), {"count": 1})


async def write(pool: asyncpg.Pool, *acts: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await record(connection, *(entry(act) for act in acts))


async def sealed(pool: asyncpg.Pool, count: int) -> None:
    """Seal until so many are linked; others' transactions may hold the horizon."""
    for _ in range(200):
        await seal(pool, SIGNER, "office")
        if await pool.fetchval("select count(*) from audit_link") == count:
            return
        await asyncio.sleep(0.02)
    pytest.fail("they were not linked")


async def acts(pool: asyncpg.Pool) -> Sequence[str]:
    return [row["act"] for row in await pool.fetch(ACTS)]


@asynccontextmanager
async def begun(database: Fresh, act: str) -> AsyncIterator[asyncpg.Connection]:
    """Begin a transaction that has written its entry and not yet committed."""
    connection = await asyncpg.connect(database.url)
    try:
        await connection.execute("begin")
        await record(connection, entry(act))
        yield connection
    finally:
        await connection.close()


async def test_every_entry_is_linked_once_in_order(pool: asyncpg.Pool) -> None:
    await write(pool, "one", "two")
    await sealed(pool, 2)
    await write(pool, "three")
    await sealed(pool, 3)
    assert await acts(pool) == ["one", "two", "three"]
    assert await seal(pool, SIGNER, "office") == 0
    assert await broken(pool) is None


async def test_who_began_first_and_committed_last_is_not_skipped(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    async with begun(database, "slow") as slow:
        await write(pool, "quick")
        assert await seal(pool, SIGNER, "office") == 0
        await slow.execute("commit")
    await sealed(pool, 2)
    assert await acts(pool) == ["slow", "quick"]
    assert await broken(pool) is None


async def test_what_was_rolled_back_is_not_in_the_audit(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    async with begun(database, "undone") as undone:
        await undone.execute("rollback")
    await write(pool, "done")
    await sealed(pool, 1)
    assert await acts(pool) == ["done"]
    assert await broken(pool) is None


async def test_two_sealers_at_once_link_nothing_twice(pool: asyncpg.Pool) -> None:
    for step in range(5):
        await write(pool, *(f"{step}.{n}" for n in range(20)))
        await asyncio.gather(*(seal(pool, SIGNER, "office") for _ in range(6)))
    await sealed(pool, 100)
    assert await acts(pool) == [f"{step}.{n}" for step in range(5) for n in range(20)]
    assert await broken(pool) is None


async def test_many_entries_take_several_rounds(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ONCE", 3)
    await write(pool, *map(str, range(7)))
    await sealed(pool, 7)
    assert await pool.fetchval("select count(*) from audit_checkpoint") == 3
    assert await broken(pool) is None


async def test_a_checkpoint_signs_the_end_of_the_chain(pool: asyncpg.Pool) -> None:
    await write(pool, "one", "two")
    await sealed(pool, 2)
    end = await pool.fetchval("select hash from audit_link where position = 2")
    signed = await pool.fetchval("select signed from audit_checkpoint")
    claims = Verifier.of(PUBLIC, checkpoint_of("office")).read(signed)
    assert (claims["position"], claims["hash"]) == (2, end.hex())


TAMPERING = {
    "a changed entry": ("update audit_entry set act = 'other' where act = 'two'", 2),
    "another subject": ("update audit_entry set subject = 'x' where act = 'one'", 1),
    "changed details": (
        "update audit_entry set details = '{\"count\": 2}' where act = 'three'",
        3,
    ),
    "a deleted entry": ("delete from audit_entry where act = 'two'", 2),
    "a deleted link": ("delete from audit_link where position = 2", 2),
    "entry and link deleted": (
        """delete from audit_link where position = 2;
        delete from audit_entry where act = 'two'""",
        2,
    ),
    "the end cut off": (
        """delete from audit_link where position = 4;
        delete from audit_entry where act = 'four'""",
        4,
    ),
    "two entries exchanged": (
        """update audit_link set entry = -entry where position in (2, 3);
        update audit_link l set entry = e.id from audit_entry e
        where (l.position, e.act) in ((2, 'three'), (3, 'two'))""",
        2,
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found_where_it_was_done(
    pool: asyncpg.Pool, database: Fresh, how: str
) -> None:
    await write(pool, "one", "two", "three", "four")
    await sealed(pool, 4)
    assert await broken(pool) is None
    statements, where = TAMPERING[how]
    await execute(database.superuser, UNBOUND + statements)
    assert await broken(pool) == where


@pytest.mark.parametrize("table", ["audit_entry", "audit_link", "audit_checkpoint"])
@pytest.mark.parametrize(
    "change", ["update {} set {} = {}", "delete from {}", "truncate {}"]
)
async def test_the_process_can_change_and_delete_nothing(
    pool: asyncpg.Pool, database: Fresh, table: str, change: str
) -> None:
    await write(pool, "one")
    await sealed(pool, 1)
    column = "act" if table == "audit_entry" else "hash"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, change.format(table, column, column))
    assert await broken(pool) is None


async def test_a_stranger_s_entry_names_nobody(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        await record(connection, Entry(uuid4(), "refused", None))
    row = await pool.fetchrow("select * from audit_entry")
    assert row is not None
    for named in ("client", "subject", "agency", "roles", "purpose", "actor"):
        assert row[named] is None


async def test_an_entry_says_who_for_whom_and_how(pool: asyncpg.Pool) -> None:
    exchanged = Caller(
        "c", "s", "a", frozenset({"x"}), "o", ("r1", "r2"), "protection", "employment"
    )
    request, target = uuid4(), uuid4()
    async with pool.acquire() as connection:
        await record(connection, Entry(request, "act", exchanged, target))
    row = await pool.fetchrow("select * from audit_entry")
    assert row is not None
    said = "request client subject agency organisation roles purpose actor act target"
    assert [row[name] for name in said.split()] == [
        request, "c", "s", "a", "o", "r1 r2", "protection", "employment", "act", target
    ]  # fmt: skip
