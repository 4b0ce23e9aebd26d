"""The programme, played through real processes: what comes out, and what never doubles.

It is the script of `make demo`, with fewer people.
"""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

import deploy.published
from deploy import demo, secrets
from deploy.replay.performance import JOURNAL, Site, page_of, staged
from deploy.replay.results import Line, results
from deploy.replay.scale import Scale
from deploy.replay.story import Played, Stage, play
from tests.house import House, house

SCALE = Scale.of(300)
INTERRUPTED = (90, 480, 960)  # lines of the journal of a thousand
PUBLISHED = Path(deploy.published.__file__).parent
# The rows that a play leaves which nobody has interrupted.
ROWS = {
    "beneficiaries": "registration 361 consent 22",
    "grants": "organisation 48 declaration 24 plan 7 priority 18 consultation 6 event 2"
    " call 1 consortium 5 terms 6 application 5 signature 12 assessment 8 award 4"
    " tranche 9 amendment 3 report 3 journal 20 reconciliation 1",
    "employment": "employer 43 vacancy 22 placement 22 subsidy 6 retention_check 44"
    " training 5 training_session 10 participant 12 attendance 24 certificate 12"
    " enterprise_activity 3 business_plan 3 business_link 2 trade 6",
    "programme": "indicator 14 fact 15 survey 1 finding 2",
}


@pytest.fixture(scope="module")
def here() -> Iterator[House]:
    """Everything but the courier, who has nothing to carry."""
    with house(only=("gateway", *ROWS, "imports")) as here:
        yield here


@asynccontextmanager
async def stage(here: House) -> AsyncIterator[Stage]:
    clients = here.state.secrets / "demo"
    owner = here.url("gateway", "gateway_owner")
    await demo.enrol_all(owner, clients)
    site = Site(here.gateway, owner, clients, here.state.programme)
    async with asyncio.timeout(120), staged(site, SCALE, lambda *_: None) as stage:
        yield stage


async def interrupt(here: House, lines: int) -> int:
    """Play until the journal has so many lines; give how many acts had no answer."""
    journal = here.state.programme / JOURNAL
    async with stage(here) as cut:
        playing = asyncio.create_task(play(cut))
        while not playing.done():
            await asyncio.sleep(0.01)
            if len(journal.read_text().splitlines()) >= lines:
                playing.cancel()
        if not playing.cancelled():
            playing.result()
    told = [json.loads(line) for line in journal.read_text().splitlines()]
    return len({act for act, *_ in told} - {act for act, *answer in told if answer})


async def rows(here: House) -> dict[str, str]:
    """Count the rows of the same tables."""
    found = {}
    for database, listed in ROWS.items():
        there = await asyncpg.connect(here.url(database, secrets.SUPERUSER))
        counts = [
            f"{table} {await there.fetchval(f'select count(*) from {table}')}"
            for table in listed.split()[::2]
        ]
        found[database] = " ".join(counts)
        await there.close()
    return found


async def test_an_interrupted_play_goes_on_and_does_nothing_twice(here: House) -> None:
    """One play is looked at from every side: each would cost as much again."""
    in_doubt = [await interrupt(here, lines) for lines in INTERRUPTED]
    assert sum(in_doubt) > len(INTERRUPTED)  # the control: answers were lost
    async with stage(here) as last:
        played = await play(last)
        lines = await results(last.cast, SCALE.truth())
    assert await rows(here) == ROWS
    facts_come_out_as_they_were_published(lines)
    counts_are_the_truth(lines, played)
    everybody_is_registered_and_nobody_refused(here, played)


def facts_come_out_as_they_were_published(lines: list[Line]) -> None:
    stated = [
        fact["value"]
        for document in PUBLISHED.glob("*.json")
        for indicator in json.loads(document.read_text())["indicators"]
        for fact in indicator["facts"]
    ]
    shown = [said.rpartition(" ")[2] for line in lines for said in line.published]
    assert sorted(shown) == sorted(stated)
    assert len(stated) == 15


def counts_are_the_truth(lines: list[Line], played: Played) -> None:
    errors = {line.title: line.error for line in lines if line.truth is not None}
    people = errors.pop("People reached")
    assert people is not None
    assert abs(people) <= 5  # of 300: the registry asks somebody before it joins
    assert list(errors.values()) == [0] * 11
    assert played.tries.own == played.tries.own_refused == 12
    assert played.tries.across >= played.tries.across_refused > 0
    assert "People reached" in page_of(lines, played)


def everybody_is_registered_and_nobody_refused(here: House, played: Played) -> None:
    with (here.state.programme / "truth.csv").open(newline="") as opened:
        listed = list(csv.DictReader(opened))
    assert len({one["person"] for one in listed}) == SCALE.people
    assert len(listed) == played.rows > SCALE.people
    for agency, import_ in played.imports.items():
        assert import_["recorded"] == played.plan.rows[agency]
        assert import_["refused"] == import_["unreadable"] == 0
