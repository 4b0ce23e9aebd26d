"""Whether everybody agrees in the end: random merges, splits and placements, and kills.

    python -m bench.following [ACTS]

Three agencies register the same people. Then the desk judges pairs anew, agencies place
and withdraw people, and the processes are killed and restarted meanwhile. In the end a
model of who is whom, kept here by what was answered, is compared with both databases;
every event must have been applied, and once. The bar is 10,000 acts.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from uuid import UUID

import asyncpg

from bench.clients import Client, Json
from bench.placements import offered
from bench.slips import person
from bench.whom import Somebody, meet, together
from gateway.policy import Role
from services.kit.refusals import Refusal
from tests.house import House, house

ACTS = 10_000
ACTS_PER_PERSON = 12
WORKERS = 6
AGENCIES = ("unicef", "undp", "who")
ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER, Role.GRANTS_OFFICER)
KILLED = ("employment", "beneficiaries", "gateway")
BEGIN = date(2026, 1, 1)
Rows = list[asyncpg.Record]
UNSURE_OF = {0, 502, 503, 504}  # whether it was done, only the office knows
JUDGEMENTS = """
select low, high, id, verdict from judgement
where superseded_at is null and low = any($1) and high = any($1)
"""
STANDING = "select registration, person, contested from membership"
TOLD = "select count(*) from outbox where audience is null"
APPLIED = "select coalesce(sum(applied), 0) from following"
OVERLAPS = "select placement from overlap where closed_at is null"


@dataclass
class Story:
    """The office under random acts."""

    here: House
    people: list[Somebody]
    agencies: list[Client]
    desk: Client
    vacancies: list[str]
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    placements: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    async def begin(cls, here: House, people: int, seed: int = 1) -> "Story":
        """Register everybody three times: all are found to be the same."""
        agencies = [await here.enrol(one, f"{one}-1", ROLES) for one in AGENCIES]
        desk = await here.enrol("registry-desk", "desk-1", [Role.REVIEWER])
        chance = random.Random(seed)
        crowd = [Somebody() for _ in range(people)]
        bodies = [person(number, chance) for number in range(people)]
        for agency in agencies:
            rows = [
                body | {"source_id": f"follow-{number}"}
                for number, body in enumerate(bodies)
            ]
            for one, answer in zip(crowd, await agency.load(rows), strict=True):
                one.registrations.append(answer["registration"])
        vacancies = [await offered(agency) for agency in agencies]
        story = cls(here, crowd, agencies, desk, vacancies, chance)
        await story.look_up(crowd)
        return story

    async def look_up(self, people: list[Somebody]) -> None:
        """Ask the office what it has judged of these."""
        rows = [
            row
            for somebody in people
            for row in await self.ask(
                "beneficiaries", JUDGEMENTS, somebody.registrations
            )
        ]
        places = {
            key: (somebody, number)
            for somebody in people
            for number, key in enumerate(somebody.registrations)
        }
        for row in rows:
            somebody, low = places[str(row["low"])]
            ends = sorted((low, places[str(row["high"])][1]))
            pair = ends[0], ends[1]
            somebody.verdicts[pair] = row["verdict"]
            somebody.judgements[pair] = str(row["id"])
            somebody.doubtful = False

    async def ask(self, database: str, statement: str, *values: object) -> Rows:
        connection = await asyncpg.connect(self.here.url(database, "postgres"))
        try:
            rows: Rows = await connection.fetch(statement, *values)
        finally:
            await connection.close()
        return rows

    async def send(self, client: Client, path: str, body: Json) -> tuple[int, Json]:
        """Send once; 0 where no answer came."""
        try:
            answer = await client.request("POST", path, body)
        except (Refusal, AssertionError):  # the second: no token was to be had
            return 0, {}
        return answer.status_code, answer.json() if answer.content else {}

    async def act(self, somebody: Somebody) -> bool:
        """Do something at random; tell whether the office answered."""
        acts = (self.judge, self.place, self.withdraw)
        return await self.chance.choices(acts, (5, 4, 1))[0](somebody) not in UNSURE_OF

    async def judge(self, somebody: Somebody) -> int:
        """Let the desk say the other thing of a pair: a split, or a merge again."""
        if somebody.doubtful:
            await self.look_up([somebody])
        pair = self.chance.choice(list(somebody.verdicts))
        verdict = "different" if somebody.verdicts[pair] == "same" else "same"
        path = f"/beneficiaries/judgements/{somebody.judgements[pair]}/revision"
        body = {"verdict": verdict, "reason": "documents_seen"}
        status, told = await self.send(self.desk, path, body)
        somebody.doubtful = status != 201
        if not somebody.doubtful:
            somebody.verdicts[pair] = verdict
            somebody.judgements[pair] = told["judgement"]["id"]
        self.done[f"judged {verdict} {status}"] += 1
        return status

    async def place(self, somebody: Somebody) -> int:
        number = self.chance.randrange(len(AGENCIES))
        starts = BEGIN + timedelta(days=self.chance.randrange(300))
        ends = starts + timedelta(days=self.chance.randrange(20, 90))
        body = {
            "vacancy": self.vacancies[number],
            "registration": somebody.registrations[number],
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
            "overlap_check_consented": True,
            "status": "accepted",
        }
        path = "/employment/placements"
        status, told = await self.send(self.agencies[number], path, body)
        if status == 201:
            self.placements.append((number, told["id"]))
        self.done[f"placed {status}"] += 1
        return status

    async def withdraw(self, _somebody: Somebody) -> int:
        if not self.placements:
            return 0
        number, key = self.chance.choice(self.placements)
        path = f"/employment/placements/{key}/steps"
        body = {"status": "withdrawn", "why": "by_agency"}
        status, _ = await self.send(self.agencies[number], path, body)
        self.done[f"withdrawn {status}"] += 1
        return status

    async def work(self, acts: int) -> None:
        """Act on everybody at random; each worker has people of its own."""

        async def worker(number: int) -> None:
            mine = self.people[number::WORKERS]
            for _ in range(acts // WORKERS):
                while not await self.act(self.chance.choice(mine)):  # noqa: ASYNC110 -- other processes
                    await asyncio.sleep(0.1)

        await asyncio.gather(*(worker(number) for number in range(WORKERS)))

    async def kill(self, working: "asyncio.Task[None]") -> None:
        """Kill one process after the other until the work is done."""
        for name in cycle(KILLED):
            await asyncio.sleep(self.chance.uniform(0.1, 1.5))
            if working.done():
                return
            self.here.kill(name)
            self.done[f"killed {name}"] += 1
            await asyncio.sleep(self.chance.uniform(0.0, 0.5))
            await self.here.restart(name)

    async def followed(self, patience: float = 60.0) -> float:
        """Wait until as many events were applied as were told; give the seconds."""
        begun = time.monotonic()
        while time.monotonic() < begun + patience:
            ((told,),) = await self.ask("beneficiaries", TOLD)
            ((applied,),) = await self.ask("employment", APPLIED)
            assert applied <= told, "an event was applied twice"
            if applied == told:
                break
            await asyncio.sleep(0.05)
        assert applied == told, f"{told - applied} events of {told} were not applied"
        self.done["events"] = told
        return time.monotonic() - begun

    async def agree(self) -> None:
        """Compare both databases with what this knows."""
        await self.look_up([one for one in self.people if one.doubtful])
        model = {
            UUID(registration): (UUID(key), doubt)
            for somebody in self.people
            for registration, key, doubt in somebody.standings()
        }
        rows = await self.ask("beneficiaries", STANDING)
        assert model == {one["registration"]: tuple(one)[1:] for one in rows}
        there = await self.ask("employment", "select * from placement")
        assert {UUID(key) for _, key in self.placements} <= {one["id"] for one in there}
        for one in there:
            assert model[one["registration"]] == (one["person"], one["contested"])
        waiting = {one[0] for one in await self.ask("employment", OVERLAPS)}
        assert waiting == {one["id"] for one in there if one["overlapping"]}
        assert [one for one in together(there) if meet(*one)] == []
        self.done["overlaps that wait"] = sum(one["overlapping"] for one in there)


async def told(here: House, acts: int) -> Story:
    """Tell a whole story: so many acts under kills, then the comparison."""
    story = await Story.begin(here, max(WORKERS, acts // ACTS_PER_PERSON))
    working = asyncio.create_task(story.work(acts))
    await story.kill(working)
    await working
    story.done["milliseconds until followed"] = round(1000 * await story.followed())
    await story.agree()
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
