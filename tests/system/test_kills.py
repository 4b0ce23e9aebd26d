"""A service is killed again and again; no answered write is lost, none is doubled."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import asyncpg

from bench.clients import Client, Json
from bench.slips import person
from gateway.policy import Role
from services.kit.audit import broken
from services.kit.refusals import Refusal
from tests.house import House

WRITES = 10_000
CLIENTS = 16
KILLS = 20
PATH = "/beneficiaries/registrations"


@dataclass
class Ledger:
    """What the clients know: which writes were answered, which never were."""

    answered: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    repeated: int = 0


async def write(client: Client, source_id: str, body: Json, ledger: Ledger) -> None:
    """Send a write until it is answered; one in ten gives up at its first failure."""
    patient = not source_id.endswith("7")
    while True:
        try:
            answer = await client.request("POST", PATH, body | {"source_id": source_id})
        except Refusal:
            status = 0
        else:
            status = answer.status_code
        if status in {200, 201}:
            ledger.answered.add(source_id)
            return
        assert status in {0, 502, 503, 504}, status
        if not patient:
            ledger.given_up.add(source_id)
            return
        ledger.repeated += 1
        await asyncio.sleep(0.2)


async def keep_writing(client: Client, mine: range, ledger: Ledger) -> None:
    chance = random.Random(mine.start)
    for number in mine:
        body = person(number, chance)
        await write(client, f"key-{number}", body, ledger)


async def keep_killing(here: House, writing: "asyncio.Task[object]") -> int:
    chance, kills = random.Random(7), 0
    while kills < KILLS:
        await asyncio.sleep(chance.uniform(0.05, 1.5))
        assert not writing.done(), f"the writes were over after {kills} kills"
        here.kill("beneficiaries")
        kills += 1
        await here.restart("beneficiaries")
    return kills


async def test_no_answered_write_is_lost_and_none_is_doubled(here: House) -> None:
    clients = [
        await here.enrol("unicef", f"unicef-{n}", [Role.REGISTRAR])
        for n in range(CLIENTS)
    ]
    ledger, share = Ledger(), WRITES // CLIENTS
    writing = asyncio.gather(
        *(
            keep_writing(client, range(n * share, (n + 1) * share), ledger)
            for n, client in enumerate(clients)
        )
    )
    assert await keep_killing(here, asyncio.ensure_future(writing)) == KILLS
    await writing
    there = Counter(one["source_id"] for one in await clients[0].all(PATH))
    assert max(there.values()) == 1
    assert ledger.answered <= there.keys()
    assert there.keys() <= ledger.answered | ledger.given_up
    assert ledger.repeated > 0
    assert len(ledger.answered) + len(ledger.given_up) == WRITES
    await _audit_tells_of_each(here, len(there))
    for client in here.clients:
        await client.close()


async def _audit_tells_of_each(here: House, registrations: int) -> None:
    url = here.url("beneficiaries", "beneficiaries_owner")
    async with asyncpg.create_pool(url, min_size=1) as pool:
        recorded = await pool.fetchval(
            "select count(distinct target) from audit_entry"
            " where act = 'registration:record'"
        )
        assert recorded == registrations
        assert await broken(pool) is None
