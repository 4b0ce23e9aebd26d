"""Awards at random: granted, suspended, paid, reported, closed; and wages subsidised.

Every act is one that the model allows: the office does it, or one of them is wrong. An
act whose answer was lost is sent again; refused then, it had been done.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from bench.awards import Deed, Grant
from bench.clients import Client, Json
from bench.outages import LOST, UNSURE_OF, Reader, ask, send
from bench.placements import made
from gateway.policy import Role
from tests.house import House

AGENCY, LEAD = "unicef", "community-hall"
BUDGET = Decimal(1_000_000)
CEILING = Decimal(25_000)
ATTEMPTS = 20  # of a lead at a call
AT_ONCE = 4
POINTS = {"points": {"bridge": 80}}
AWARDS = "select id, status from award"
BALANCES = """
select call, award, kind, balance from ledger_account
where balance <> 0 and kind <> 'funds'
"""
SUBSIDIES = "select placement, award, amount from subsidy"
LEARN = {
    "award": """
        select a.id, (select array_agg(t.id order by t.number) from tranche t
                      where t.award = a.id) as tranches
        from award a where a.application = $1
    """,
    "report": "select id, spent from report where award = $1 order by id desc limit 1",
}


@dataclass
class Granting:
    """The grants service under random acts, beside a model of each of its awards."""

    here: House
    hands: Mapping[str, Client]
    chance: random.Random
    grants: Sequence[Grant]
    done: Counter[str]
    readers: Sequence[Reader]
    subsidies: dict[Decimal, tuple[str, str]] = field(default_factory=dict)
    unsure: set[Decimal] = field(default_factory=set)

    @classmethod
    async def begin(
        cls, here: House, officer: Client, count: int, done: Counter[str], seed: int = 1
    ) -> "Granting":
        """Bring so many applications as far as their rank."""
        chance = random.Random(seed)
        hall = {"name": "Community hall", "kind": "cso"}
        recorded = await made(officer, "/grants/organisations", hall)
        key = recorded["organisation"]["id"]
        hands = {
            "officer": officer,
            "cashier": await here.enrol(AGENCY, "cashier", [Role.FINANCE_OFFICER]),
            "lead": await here.enrol(LEAD, LEAD, [Role.APPLICANT], UUID(key)),
            "ana": await here.enrol(AGENCY, "ana", [Role.ASSESSOR]),
            "besa": await here.enrol(AGENCY, "besa", [Role.ASSESSOR]),
        }
        consortium = await _formed(hands["lead"], key)
        grants: list[Grant] = []
        while (left := count - len(grants)) > 0:
            some = min(left, ATTEMPTS)
            grants += await _ranked(hands, consortium, some, chance)
        readers = [Reader(hands[name], "grants") for name in ("officer", "lead")]
        return cls(here, hands, chance, grants, done, readers)

    async def act(self, mine: Sequence[Grant]) -> int:
        """Do something to one of these awards; `LOST` where nothing is left to do."""
        going = [grant for grant in mine if not grant.over]
        return await self._do(self.chance.choice(going)) if going else LOST

    async def settle(self) -> None:
        """Send again whatever was not answered, until it is known to be done."""
        async with asyncio.timeout(300):
            for grant in self.grants:
                while grant.lost is not None:
                    await self._do(grant)
            while self.unsure:
                await self._pay(min(self.unsure))

    async def _do(self, grant: Grant) -> int:
        deed, again = grant.choose(self.chance), grant.lost is not None
        status, told = await send(self.hands[deed.by], deed.path, deed.body)
        self.done[f"{deed.name} {status}"] += 1
        if status in UNSURE_OF:
            grant.lost = deed
            return status
        assert status in {200, 201} or (again and status == 409), (deed, status, told)
        if deed.name in LEARN:
            grant.learn(told if status == 201 else await self._look_up(grant, deed))
        grant.follow(deed)
        return status

    async def _look_up(self, grant: Grant, deed: Deed) -> Json:
        """Ask for the ids of what was made when the answer was lost."""
        key = grant.application if deed.name == "award" else grant.award
        [row] = await ask(self.here, "grants", LEARN[deed.name], UUID(key))
        told = dict(row) | {"id": str(row["id"])}
        if "tranches" in told:
            told["tranches"] = [{"id": str(one)} for one in told["tranches"]]
        return told

    async def subsidise(self, placement: str) -> int:
        """Pay towards a wage out of an award; no two of these amounts are equal."""
        awards = [grant.award for grant in self.grants if grant.award]
        if not awards:
            return LOST
        amount = Decimal(len(self.subsidies) + 1) / 100
        self.subsidies[amount] = placement, self.chance.choice(awards)
        return await self._pay(amount)

    async def _pay(self, amount: Decimal) -> int:
        """Record a subsidy under a key of its own, so that it can be sent again."""
        placement, award = self.subsidies[amount]
        body = {"award": award, "amount": str(amount), "currency": "EUR"}
        path = f"/employment/placements/{placement}/subsidies"
        about = body | {"paid_on": "2026-02-01"}
        status, _ = await send(self.hands["officer"], path, about, key=f"s-{amount}")
        known = {201, 200} if amount in self.unsure else {201}
        self.unsure.discard(amount)
        if status not in known:
            assert status in UNSURE_OF, status
            self.unsure.add(amount)
        self.done[f"subsidised {status}"] += 1
        return status

    async def agree(self) -> None:
        """Compare both databases, and what was told, with the model."""
        awarded = {grant.award: grant for grant in self.grants if grant.award}
        rows = await ask(self.here, "grants", AWARDS)
        states = {str(one["id"]): one["status"] for one in rows}
        assert states == {key: grant.told[-1] for key, grant in awarded.items()}
        await self._agree_on_money(awarded)
        await self._agree_on_subsidies()
        for reader in self.readers:
            told = {key: grant.told for key, grant in awarded.items()}
            await reader.rest(sum(map(len, told.values())), "award")
            assert reader.told("award") == told
        self.done["awards"] = len(awarded)
        heard = sum(reader.count("award") for reader in self.readers)
        self.done["events of awards, heard by two"] = heard

    async def _agree_on_money(self, awarded: Mapping[str, Grant]) -> None:
        left = {grant.call: BUDGET for grant in awarded.values()}
        expected: dict[tuple[str, str], Decimal] = {}
        for key, grant in awarded.items():
            left[grant.call] += grant.money["available"]
            balances = grant.balances().items()
            expected |= {(key, account): amount for account, amount in balances}
        expected |= {(call, "available"): amount for call, amount in left.items()}
        held = {
            (str(one["award"] or one["call"]), one["kind"]): one["balance"]
            for one in await ask(self.here, "grants", BALANCES)
        }
        assert held == expected

    async def _agree_on_subsidies(self) -> None:
        rows = await ask(self.here, "employment", SUBSIDIES)
        kept = {
            one["amount"]: (str(one["placement"]), str(one["award"])) for one in rows
        }
        assert len(kept) == len(rows), "a subsidy was recorded twice"
        assert kept == self.subsidies
        self.done["subsidies"] = len(kept)


async def _formed(lead: Client, key: str) -> Json:
    """Form a consortium of one, which accepts its own terms."""
    member = {"organisation": key, "role": "lead", "share": "100"}
    body = {"title": "Hall", "members": [member]}
    formed = await made(lead, "/grants/consortia", body)
    [terms] = formed["terms"]
    said = {"terms": terms["id"], "digest": terms["digest"]}
    await made(lead, f"/grants/consortia/{formed['id']}/acceptance", said)
    return formed


def _open_call() -> Json:
    """Write a call that is open for an hour, and asks for nothing of who applies."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return {
        "title": "Halls",
        "currency": "EUR",
        "ceiling": str(CEILING),
        "budget": str(BUDGET),
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(hours=1)).isoformat(),
        "time_zone": "UTC",
        "criteria": [{"key": "bridge", "title": "Bridge", "weight": "100"}],
        "attempts": ATTEMPTS,
    }


async def _ranked(
    hands: Mapping[str, Client], consortium: Json, count: int, chance: random.Random
) -> list[Grant]:
    """Publish a call, let the consortium apply so often, and rank what was scored."""
    officer = hands["officer"]
    call = await made(officer, "/grants/calls", _open_call())
    path = f"/grants/calls/{call['id']}"
    await made(officer, f"{path}/publication", {})
    places = asyncio.Semaphore(AT_ONCE)

    async def one() -> Grant:
        async with places:
            application = await _scored(hands, call["id"], consortium["id"])
        first, rest = (Decimal(chance.randrange(100, 10**6)) / 100 for _ in range(2))
        back = Decimal(chance.randrange(1, int(rest * 100))) / 100
        return Grant(call["id"], application, first, rest, back)

    grants = await asyncio.gather(*(one() for _ in range(count)))
    await made(officer, f"{path}/closing", {})
    await made(officer, f"{path}/ranking", {})
    return grants


async def _scored(hands: Mapping[str, Client], call: str, consortium: str) -> str:
    """Apply, sign, submit, and be scored by two."""
    lead, officer = hands["lead"], hands["officer"]
    body = {"call": call, "consortium": consortium, "title": "A hall"}
    asked = body | {"amount": str(CEILING)}
    key: str = (await made(lead, "/grants/applications", asked))["id"]
    path = f"/grants/applications/{key}"
    laid = await made(lead, f"{path}/circulation", {})
    await made(lead, f"{path}/signature", {"digest": laid["digest"]})
    await made(lead, f"{path}/submission", {})
    await made(officer, f"{path}/eligibility", {})
    for name in ("ana", "besa"):
        await made(officer, f"{path}/assessors", {"assessor": name})
        await made(hands[name], f"{path}/declaration", {"conflicted": False})
        await made(hands[name], f"{path}/score", POINTS)
    return key
