"""Whether everybody agrees in the end: merges, splits, placements, awards, and kills.

    python -m bench.following [ACTS]

Three agencies register the same people. Then the desk judges pairs anew, agencies place
and withdraw people, awards are granted, paid and closed, wages subsidised out of them,
and the processes are killed and restarted meanwhile. In the end a model, kept here by
what was answered, is compared with the databases and with what systems heard that read
their feeds all along; every event must have been applied, and once. The bar is 10,000
acts.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle

from bench.granting import Granting
from bench.outages import LOST, UNSURE_OF, Reader, ask
from bench.peopling import Peopling
from bench.whom import Somebody
from tests.house import House, house

ACTS = 10_000
ACTS_PER_PERSON = 12
ACTS_PER_AWARD = 30
WORKERS = 6
AGAIN = 0.25  # seconds that a worker waits where nobody answered
# At one instant those two first, which a short story has to outlive.
KILLED = (("employment", "grants"), ("beneficiaries",), ("programme", "gateway"))
FOLLOWED = (
    ("beneficiaries", "employment"),
    ("beneficiaries", "programme"),
    ("grants", "programme"),
    ("employment", "programme"),
)
TOLD = "select count(*) from outbox where audience is null"
APPLIED = "select coalesce(sum(applied), 0) from following where feed = $1"
COUNTED = "select measure, total from count_total"


@dataclass
class Story:
    """The office under random acts."""

    here: House
    peopling: Peopling
    granting: Granting
    chance: random.Random
    done: Counter[str]

    @classmethod
    async def begin(cls, here: House, acts: int, seed: int = 1) -> "Story":
        done: Counter[str] = Counter()
        people, awards = (
            max(WORKERS, acts // each) for each in (ACTS_PER_PERSON, ACTS_PER_AWARD)
        )
        peopling = await Peopling.begin(here, people, done)
        granting = await Granting.begin(here, peopling.agencies[0], awards, done)
        return cls(here, peopling, granting, random.Random(seed), done)

    async def act(self, worker: int) -> bool:
        """Do something at random; tell whether the office answered."""
        acts = (self.judge, self.place, self.withdraw, self.subsidise, self.grant)
        [act] = self.chance.choices(acts, (8, 6, 2, 2, 7))
        return await act(worker) not in UNSURE_OF

    async def judge(self, worker: int) -> int:
        return await self.peopling.judge(self._somebody(worker))

    async def place(self, worker: int) -> int:
        return await self.peopling.place(self._somebody(worker))

    async def withdraw(self, _: int) -> int:
        return await self.peopling.withdraw()

    async def subsidise(self, _: int) -> int:
        own = [key for agency, key in self.peopling.placements if not agency]
        return await self.granting.subsidise(self.chance.choice(own)) if own else LOST

    async def grant(self, worker: int) -> int:
        return await self.granting.act(self.granting.grants[worker::WORKERS])

    def _somebody(self, worker: int) -> Somebody:
        return self.chance.choice(self.peopling.people[worker::WORKERS])

    async def work(self, acts: int) -> None:
        """Act at random; each worker has people and awards of its own."""

        async def worker(number: int) -> None:
            for _ in range(acts // WORKERS):
                while not await self.act(number):  # noqa: ASYNC110 -- other processes
                    await asyncio.sleep(AGAIN)

        await asyncio.gather(*(worker(number) for number in range(WORKERS)))

    async def kill(self, working: "asyncio.Task[None]") -> None:
        """Kill one after the other until the work is done, and bring each back."""
        for names in cycle(KILLED):
            await asyncio.sleep(self.chance.uniform(0.1, 1.5))
            if working.done():
                return
            for name in names:
                self.here.kill(name)
                self.done[f"killed {name}"] += 1
            await asyncio.sleep(self.chance.uniform(0.0, 0.5))
            await asyncio.gather(*(self.here.restart(name) for name in names))

    async def followed(self, patience: float = 600.0) -> float:
        """Wait until everybody has applied what was told; give the seconds."""
        begun = time.monotonic()
        async with asyncio.timeout(patience):
            for source, follower in FOLLOWED:
                told = await self._applied(source, follower)
                self.done[f"events of {source} applied by {follower}"] = told
        return time.monotonic() - begun

    async def _applied(self, source: str, follower: str) -> int:
        """Wait until as many events were applied as were told; give how many."""
        while True:
            ((told,),) = await ask(self.here, source, TOLD)
            ((applied,),) = await ask(self.here, follower, APPLIED, source)
            assert applied <= told, "an event was applied twice"
            if applied == told:
                return int(told)
            await asyncio.sleep(0.05)

    async def counted(self) -> None:
        """Compare what the programme has counted with the model."""
        standings = (one.standings() for one in self.peopling.people)
        persons = {person for some in standings for _, person, _ in some}
        awards = [grant for grant in self.granting.grants if grant.award]
        counts = {"people_reached": len(persons), "grants_awarded": len(awards)}
        rows = dict(await ask(self.here, "programme", COUNTED))
        assert {measure: rows.get(measure, 0) for measure in counts} == counts
        self.done["persons, as the programme counts them"] = len(persons)


@asynccontextmanager
async def reading(readers: Sequence[Reader]) -> AsyncIterator[None]:
    """Let systems follow their feeds meanwhile."""
    tasks = [asyncio.create_task(one.follow()) for one in readers]
    try:
        yield
        failed = [task.exception() for task in tasks if task.done()]
        assert not failed, failed
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def told(here: House, acts: int) -> Story:
    """Tell a whole story: so many acts under kills, then the comparison."""
    story = await Story.begin(here, acts)
    readers = story.peopling.hearing, *story.granting.readers
    async with reading(readers):
        working = asyncio.create_task(story.work(acts))
        await story.kill(working)
        await working
    await story.granting.settle()
    story.done["milliseconds until followed"] = round(1000 * await story.followed())
    await story.peopling.agree()
    await story.granting.agree()
    await story.counted()
    story.done["times a feed was broken off"] = sum(one.breaks for one in readers)
    for client in here.clients:
        await client.close()
    return story


def main(acts: int = ACTS) -> None:
    with house() as here:
        begun = time.monotonic()
        story = asyncio.run(told(here, acts))
        lines = (f"{count:>7} {what}" for what, count in sorted(story.done.items()))
        took = f"{time.monotonic() - begun:7.0f} seconds\n"
        sys.stdout.write("\n".join((*lines, took)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
