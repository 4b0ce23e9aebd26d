"""Whoever computes the chain anew still contradicts what was signed."""

import asyncio

import asyncpg
import pytest

from services.kit import audit
from services.kit.audit import broken, checkpoint_of, seal
from services.kit.service import Sealing, keep_sealed
from tests.databases import Fresh, execute
from tests.kit.test_audit import UNBOUND, database, pool, sealed, write
from tests.passports import SIGNER

__all__ = ["database", "pool"]
CUT = UNBOUND + "delete from audit_link where position >= 2;"
VERIFIER = SIGNER.verifier(checkpoint_of("office"))
ENTRIES = """
select e.* from audit_link l join audit_entry e on e.id = l.entry order by l.position
"""


async def forge(database: Fresh, *, checkpoints: bool) -> None:
    """Edit an entry as the owner could, and make every hash fit it."""
    owner = await asyncpg.connect(database.superuser)
    edit = "update audit_entry set subject = 'another' where act = 'two'"
    await owner.execute(UNBOUND + edit)
    hashes = audit.chain(audit.GENESIS, await owner.fetch(ENTRIES))
    for position, end in enumerate(hashes, 1):
        for table in ("audit_link", "audit_checkpoint")[: 1 + checkpoints]:
            change = f"update {table} set hash = $1 where position = $2"
            await owner.execute(change, end, position)
    await owner.close()


@pytest.mark.parametrize("checkpoints", [False, True])
async def test_a_chain_computed_anew_is_found(
    pool: asyncpg.Pool, database: Fresh, *, checkpoints: bool
) -> None:
    await write(pool, "one", "two", "three")
    await sealed(pool, 3)
    assert await broken(pool, VERIFIER) is None
    await forge(database, checkpoints=checkpoints)
    assert await broken(pool, VERIFIER) == 3


async def test_an_end_that_was_cut_and_grew_again_is_found(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    await write(pool, "one", "two", "three")
    await sealed(pool, 3)
    await execute(
        database.superuser, CUT + "delete from audit_entry where act <> 'one'"
    )
    await write(pool, "four", "five", "six")
    await sealed(pool, 4)
    assert await broken(pool) == 3


async def test_a_sealer_that_meets_a_cut_end_stops_and_readiness_tells(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    await write(pool, "one", "two")
    await sealed(pool, 2)
    await execute(database.superuser, CUT + "delete from audit_entry where act = 'two'")
    await write(pool, "three")
    with pytest.raises(asyncpg.UniqueViolationError):
        await seal(pool, SIGNER, "office")
    sealing = Sealing()
    keeping = asyncio.create_task(keep_sealed(pool, SIGNER, "office", sealing))
    async with asyncio.timeout(60):
        while await sealing.works():  # noqa: ASYNC110 -- it tells by this alone
            await asyncio.sleep(0.05)
    assert not keeping.done()
    keeping.cancel()


async def test_a_dump_restored_on_a_younger_server_goes_on_being_sealed(
    pool: asyncpg.Pool, database: Fresh
) -> None:
    await write(pool, "one")
    await sealed(pool, 1)
    older = "update audit_entry set txid = '99999999999'"
    await execute(database.superuser, UNBOUND + older)
    await write(pool, "two")
    await sealed(pool, 2)
    await write(pool, "three")
    await sealed(pool, 3)
    linked = await pool.fetchval("select count(distinct entry) from audit_link")
    assert linked == 3
