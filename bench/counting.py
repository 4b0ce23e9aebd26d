"""How fast the programme counts what it has missed, and whether it counts right.

    python -m bench.counting [REGISTRATIONS]

Beneficiaries' outbox tells of so many registrations, and of a fifth of them that they
are the person of the one before: as after an import while the followers were away. Then
these are started, one after the other. The peer is the same follower with a transaction
for each event.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg

from bench import cpu
from services.kit.feed import LARGEST
from services.kit.following import Event, Follower, Part
from services.kit.ids import new_id
from services.kit.pages import read_cursor
from services.programme.counts.actions import apply
from tests.databases import ask
from tests.house import House, house

REGISTRATIONS = 102_000
SAME = 5  # one in so many turns out to be the person of the one before
PEERS = 2_000  # events that are applied one by one
FOLLOWERS = ("programme", "employment")
HOUSE = ("gateway", "beneficiaries", "grants", *FOLLOWERS)
TELL = """
with registered as (
    select n, md5('r' || n)::uuid as key, md5('r' || n - 1)::uuid as before
    from generate_series(1, $1::int) as n
)
insert into outbox (id, type, subject, data)
select uuidv7(), 'registration.recorded', key,
       jsonb_build_object('agency', 'unicef', 'person', key, 'moves', 0)
from registered
union all
select uuidv7(), 'person.merged', key,
       jsonb_build_object('agency', 'unicef', 'person', before, 'before', key,
                          'contested', false, 'moves', 1)
from registered where n % $2 = 0
"""
APPLIED = "select applied from following where feed = 'beneficiaries'"
REACHED = "select total from count_total where measure = 'people_reached'"


async def level(here: House, name: str, many: int) -> tuple[float, float]:
    """Start a follower; give its seconds until it is level, and its CPU."""
    begun = time.monotonic()
    await here.restart(name)
    while await ask(here.url(name, "postgres"), APPLIED) != many:  # noqa: ASYNC110 -- the database knows, and tells nobody
        await asyncio.sleep(0.1)
    return time.monotonic() - begun, cpu.alone(here.children[name].pid)


async def rate(pool: asyncpg.Pool, feed: str, alone: Callable[[Event], bool]) -> float:
    """Give how many events a second are applied, read from nowhere."""
    events = [recorded() for _ in range(PEERS)]

    async def source(after: str | None, /) -> Part:
        ids = [one.id for one in events]
        begin = 0 if after is None else ids.index(read_cursor(after)) + 1
        return Part(items=events[begin : begin + LARGEST], more=True)

    follower = Follower(feed, pool, source, apply, alone)
    begun = time.monotonic()
    for _ in range(PEERS // LARGEST):
        await follower.step()
    return PEERS / (time.monotonic() - begun)


def recorded() -> Event:
    key = new_id()
    about = {"person": str(key), "moves": 0}
    kind, moment = "org.uramost.registration.recorded", datetime.now(UTC)
    return Event(id=new_id(), type=kind, subject=key, time=moment, data=about)


async def compare(here: House) -> tuple[float, float]:
    url = here.url("programme", "programme")
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        together = await rate(pool, "bench together", lambda _: False)
        return together, await rate(pool, "bench alone", lambda _: True)


async def measured(here: House, registrations: int) -> Sequence[str]:
    await ask(here.url("beneficiaries", "postgres"), TELL, registrations, SAME)
    moved = registrations // SAME
    many, lines = registrations + moved, []
    for name in FOLLOWERS:
        took, busy = await level(here, name, many)
        lines.append(
            f"{name}: {many:,} events in {took:.1f} s from its start"
            f" ({many / took:,.0f}/s), of which it had a processor for {busy:.1f} s"
        )
    reached = await ask(here.url("programme", "postgres"), REACHED)
    lines.append(f"people reached: {reached:,} of {registrations - moved:,}")
    together, alone = await compare(here)
    lines.append(
        f"applied together {together:,.0f}/s, one by one {alone:,.0f}/s:"
        f" {together / alone:.1f} times"
    )
    return lines


def main(registrations: int = REGISTRATIONS) -> None:
    with house(only=HOUSE) as here:
        for name in FOLLOWERS:
            here.kill(name)
        lines = asyncio.run(measured(here, registrations))
        load = f"load {os.getloadavg()[0]:.1f}"
        sys.stdout.write("\n".join((*lines, load, "")))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
