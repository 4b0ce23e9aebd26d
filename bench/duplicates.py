"""Ten thousand registrations from sixteen clients, a thousand people at one instant.

    python -m bench.duplicates

Each client has a partner in another agency. Now and then both send the same person, at
one instant: they wait for each other. Then everything is counted: registrations, their
versions, their places in the audit and the feed, persons, and the server's deadlocks.
"""

import asyncio
import random
import time
from asyncio import Barrier
from collections.abc import Sequence
from datetime import date, timedelta

import asyncpg

from bench.clients import Client, Json
from bench.filling import superuser_of
from bench.slips import FAMILY, GIVEN, PARTS, person
from gateway.policy import Role
from tests.house import House, house

CLIENTS = 16
REGISTRATIONS = 10_000
TWICE = 1_000
PATH = "/beneficiaries/registrations"
COUNTS = {
    "registrations": "select count(*) from registration",
    "versions": "select count(*) from registration_version",
    "with traits": "select count(*) from trait",
    "in the audit": """
        select count(*) from audit_entry where act = 'registration:record'
    """,
    "told in feeds": """
        select count(*) from outbox
        where type = 'registration.recorded' and audience is not null
    """,
    "persons": "select count(distinct person) from membership",
    "of two agencies": """
        select count(*) from (
            select from membership group by person having count(distinct agency) = 2
        ) as joined
    """,
    "deadlocks": """
        select deadlocks from pg_stat_database where datname = current_database()
    """,
}
EXPECTED = {
    **dict.fromkeys(list(COUNTS)[:5], REGISTRATIONS),
    "persons": REGISTRATIONS - TWICE,
    "of two agencies": TWICE,
    "deadlocks": 0,
}


def work() -> list[list[tuple[Json, bool]]]:
    """Give each client its people, and which of them its partner sends just then."""
    chance = random.Random(1)
    each, twice = REGISTRATIONS // CLIENTS, TWICE * 2 // CLIENTS
    people = iter([unlike(n, chance) for n in range(REGISTRATIONS)])
    given: list[list[tuple[Json, bool]]] = []
    for _ in range(CLIENTS // 2):
        shared = {at: next(people) for at in chance.sample(range(each), twice)}
        given += [
            [(shared.get(at) or next(people), at in shared) for at in range(each)]
            for _partner in range(2)
        ]
    return given


def unlike(number: int, chance: random.Random) -> Json:
    """Invent somebody who is nobody's namesake and was born on a day of their own."""
    given, family = GIVEN.split(), FAMILY.split()
    parts = (PARTS[number // 11**at % 11] for at in range(4))
    born = date(1930, 1, 1) + timedelta(days=3 * number)
    return person(number, chance) | {
        "names": {
            "given": given[number % len(given)],
            "family": family[number % len(family)] + "".join(parts),
        },
        "birth": {"value": born.isoformat(), "precision": "day"},
    }


async def send(client: Client, people: Sequence[tuple[Json, bool]], at: Barrier) -> int:
    """Send one after another; give how many were answered as recorded."""
    recorded = 0
    for number, (one, twice) in enumerate(people):
        if twice:
            await at.wait()
        sent = one | {"source_id": f"{client.name}-{number}"}
        answer = await client.request("POST", PATH, sent)
        recorded += answer.status_code == 201
    return recorded


async def counted(here: House) -> dict[str, int]:
    owner = await asyncpg.connect(superuser_of(here.server.superuser, "beneficiaries"))
    found = {name: await owner.fetchval(asked) for name, asked in COUNTS.items()}
    await owner.close()
    return found


async def measure(here: House) -> None:
    clients = [
        await here.enrol(("unicef", "who")[n % 2], f"system-{n}", [Role.REGISTRAR])
        for n in range(CLIENTS)
    ]
    barriers = [Barrier(2) for _ in range(CLIENTS // 2)]
    sending = [
        send(client, people, barriers[n // 2])
        for n, (client, people) in enumerate(zip(clients, work(), strict=True))
    ]
    began = time.perf_counter()
    answered = sum(await asyncio.gather(*sending))
    seconds = time.perf_counter() - began
    print(f"{REGISTRATIONS} registrations, {TWICE} people sent twice at one instant")
    print(f"  answered        {answered} (bar {REGISTRATIONS}), in {seconds:.0f} s")
    found = await counted(here)
    for name, expected in EXPECTED.items():
        print(f"  {name:<15} {found[name]} (bar {expected})")
    for client in clients:
        await client.close()
    assert (answered, found) == (REGISTRATIONS, EXPECTED)


def main() -> None:
    with house() as here:
        asyncio.run(measure(here))


if __name__ == "__main__":
    main()
