"""The same people, sent by two agencies at one instant, while others keep working."""

import asyncio
from collections.abc import Sequence

from bench.clients import Client, Json
from bench.slips import pairs
from gateway.policy import Role
from tests.house import House

PAIRS = 1000
OTHERS = 16
PAUSE = 0.25  # seconds; bench.pairs measures them at full speed


async def send(client: Client, people: Sequence[Json], run: str) -> list[str]:
    """Record everybody at once; give the registrations in the order of the people."""
    path = "/beneficiaries/registrations"
    answers = await asyncio.gather(
        *(
            client.request("POST", path, one | {"source_id": f"{run}-{number}"})
            for number, one in enumerate(people)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    return [answer.json()["id"] for answer in answers]


async def keep_working(client: Client, done: asyncio.Event) -> int:
    """Do what an office does all day; give how often it was done."""
    served = 0
    while not done.is_set():
        answer = await client.request("GET", "/beneficiaries/registrations?limit=5")
        assert answer.status_code == 200
        served += 1
        await asyncio.sleep(PAUSE)
    return served


async def test_pairs_sent_at_one_instant_are_found(here: House) -> None:
    agencies = [
        await here.enrol(name, f"{name}-load", [Role.REGISTRAR])
        for name in ("unicef", "who")
    ]
    desk = await here.enrol("registry-desk", "desk", [Role.REVIEWER])
    others = [
        await here.enrol("undp", f"undp-{number}", [Role.CASEWORKER])
        for number in range(OTHERS)
    ]
    done = asyncio.Event()
    working = [asyncio.create_task(keep_working(one, done)) for one in others]
    people = pairs(PAIRS)
    sent = await asyncio.gather(
        *(
            send(agency, [pair[side] for pair in people], agency.name)
            for side, agency in enumerate(agencies)
        )
    )
    done.set()
    assert min(await asyncio.gather(*working)) > 0
    judged = await desk.all("/beneficiaries/judgements")
    queue = await desk.all("/beneficiaries/reviews")
    same = {
        frozenset((one["low"], one["high"]))
        for one in judged
        if one["verdict"] == "same"
    }
    waiting = {frozenset((one["low"], one["high"])) for one in queue}
    ends = [frozenset(pair) for pair in zip(*sent, strict=True)]
    assert [n for n, pair in enumerate(ends) if not n % 2 and pair not in same] == []
    missed = [n for n, pair in enumerate(ends) if pair not in same | waiting]
    assert missed == []
    for client in here.clients:
        await client.close()
