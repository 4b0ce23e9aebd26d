"""People at random: judged to be the same or not, placed full-time, withdrawn.

Three agencies register the same people, and a model keeps who is whom by what the desk
was answered. Where an answer was lost, only the office knows whether it was done.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from bench.clients import Client
from bench.outages import LOST, Reader, Rows, ask, send
from bench.placements import offered
from bench.slips import person
from bench.whom import Somebody, meet, together
from gateway.policy import Role
from tests.house import House

AGENCIES = ("unicef", "undp", "who")
ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER, Role.GRANTS_OFFICER)
BEGIN = date(2026, 1, 1)
JUDGEMENTS = """
select low, high, id, verdict from judgement
where superseded_at is null and low = any($1) and high = any($1)
"""
STANDING = "select registration, person, contested from membership"
OVERLAPS = "select placement from overlap where closed_at is null"


@dataclass
class Peopling:
    """The other two services under random acts, beside a model of who is whom."""

    here: House
    people: list[Somebody]
    agencies: list[Client]
    desk: Client
    vacancies: list[str]
    chance: random.Random
    done: Counter[str]
    hearing: Reader
    placements: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    async def begin(
        cls, here: House, people: int, done: Counter[str], seed: int = 1
    ) -> "Peopling":
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
        hearing = Reader(agencies[0], "employment")
        begun = cls(here, crowd, agencies, desk, vacancies, chance, done, hearing)
        await begun.look_up(crowd)
        return begun

    async def look_up(self, people: list[Somebody]) -> None:
        """Ask the office what it has judged of these."""
        rows = [
            row
            for somebody in people
            for row in await ask(
                self.here, "beneficiaries", JUDGEMENTS, somebody.registrations
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

    async def judge(self, somebody: Somebody) -> int:
        """Let the desk say the other thing of a pair: a split, or a merge again."""
        if somebody.doubtful:
            await self.look_up([somebody])
        pair = self.chance.choice(list(somebody.verdicts))
        verdict = "different" if somebody.verdicts[pair] == "same" else "same"
        path = f"/beneficiaries/judgements/{somebody.judgements[pair]}/revision"
        body = {"verdict": verdict, "reason": "documents_seen"}
        status, told = await send(self.desk, path, body)
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
        status, told = await send(self.agencies[number], path, body)
        if status == 201:
            self.placements.append((number, told["id"]))
        self.done[f"placed {status}"] += 1
        return status

    async def withdraw(self) -> int:
        if not self.placements:
            return LOST
        number, key = self.chance.choice(self.placements)
        path = f"/employment/placements/{key}/steps"
        body = {"status": "withdrawn", "why": "by_agency"}
        status, _ = await send(self.agencies[number], path, body)
        self.done[f"withdrawn {status}"] += 1
        return status

    async def agree(self) -> None:
        """Compare both databases, and what an agency heard, with what this knows."""
        await self.look_up([one for one in self.people if one.doubtful])
        model = {
            UUID(registration): (UUID(key), doubt)
            for somebody in self.people
            for registration, key, doubt in somebody.standings()
        }
        rows = await ask(self.here, "beneficiaries", STANDING)
        assert model == {one["registration"]: tuple(one)[1:] for one in rows}
        there = await ask(self.here, "employment", "select * from placement")
        assert {UUID(key) for _, key in self.placements} <= {one["id"] for one in there}
        for one in there:
            assert model[one["registration"]] == (one["person"], one["contested"])
        open_ones = await ask(self.here, "employment", OVERLAPS)
        overlapping = {one["id"] for one in there if one["overlapping"]}
        assert {one["placement"] for one in open_ones} == overlapping
        assert [one for one in together(there) if meet(*one)] == []
        self.done["overlaps that wait"] = len(overlapping)
        await self._heard(there)

    async def _heard(self, there: Rows) -> None:
        """Compare an agency's feed with its placements: each told, and each once."""
        own = [one for one in there if one["agency"] == AGENCIES[0]]
        withdrawn = {one["id"] for one in own if one["status"] == "withdrawn"}
        await self.hearing.rest(len(own) + len(withdrawn), "placement")
        assert self.hearing.told("placement") == {
            str(one["id"]): ["recorded", *["stepped"] * (one["id"] in withdrawn)]
            for one in own
        }
