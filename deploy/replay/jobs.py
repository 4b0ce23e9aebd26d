"""The placements: each agency finds work for people whom it has registered itself."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from deploy.replay.businesses import PROGRAMME, Business
from deploy.replay.parties import Party
from deploy.replay.people.files import Plan
from deploy.replay.programme import INVENTED
from deploy.replay.scale import Scale
from deploy.replay.trainings import shares

AT_ONCE: Final = 4  # acts of one agency
FIRST_DAY: Final = date(2009, 2, 2)
VACANCIES: Final = 6  # of each agency
# Title, unit group of ISCO-08, weekly hours, wage a month.
WORK: Final = (
    ("Bricklayer", "7112", 40, "310.00"),
    ("Painter", "7131", 40, "290.00"),
    ("Gardener in the public parks", "6113", 40, "240.00"),
    ("Kitchen assistant", "9412", 36, "220.00"),
    ("Office clerk", "4110", 20, "150.00"),
    ("Sewer", "7533", 40, "260.00"),
    ("Carpenter", "7115", 40, "320.00"),
    ("Teacher's aide", "5312", 24, "170.00"),
    ("Driver", "8322", 40, "300.00"),
)
LEAVER: Final = 5  # of every twelve; leaves a week before the contract's end
FOUND: Final = ("same_job", "same_job", "other_job", "not_working")
VERIFIED: Final = {"verifier": "advisory_centre", "method": "visit"}


@dataclass
class Market:
    """One agency's side of the labour market: whom it places, and where."""

    agency: str
    placing: Party
    keeping: Party  # the same agency, at beneficiaries
    tell: Callable[[int], None] = lambda _: None
    vacancies: list[str] = field(default_factory=list)
    full_time: list[str] = field(default_factory=list)
    registrations: dict[str, str] = field(default_factory=dict)
    placed: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(AT_ONCE)
    )


@dataclass(frozen=True)
class Contract:
    """One placement to be: whose, in which vacancy, and when; without an end long."""

    number: int
    source: str
    starts_on: date
    ends_on: date | None


def contracts(
    agencies: Sequence[str], plan: Plan, scale: Scale
) -> dict[str, list[Contract]]:
    """Part all placements among the agencies; nobody is placed in two of them."""
    first = {
        agency: [one[1] for one in plan.twice if one[0] == agency]
        for agency in agencies
    }
    count = len(agencies)
    parted = zip(
        agencies,
        shares(scale.short_term, count),
        shares(scale.long_term, count),
        strict=True,
    )
    found = {}
    for agency, short, long in parted:
        people = dict.fromkeys((*first[agency][:3], *plan.seekers[agency]))
        told = zip(range(short + long), people, strict=False)
        found[agency] = [_contract(number, one, number < short) for number, one in told]
    return found


def _contract(number: int, source: str, short: bool) -> Contract:  # noqa: FBT001 -- said once
    starts_on = FIRST_DAY + timedelta(days=number * 7 % 560)
    length = timedelta(days=20 + number * 11 % 140)  # five months at most
    return Contract(number, source, starts_on, starts_on + length if short else None)


async def open_market(
    market: Market, businesses: Sequence[Business], wanted: Sequence[Contract]
) -> None:
    """Publish vacancies with as many places as will be taken, and find the people."""
    sources = {one.source for one in wanted}
    for number in range(VACANCIES):
        places = sum(one.number % VACANCIES == number for one in wanted)
        if places:
            await _publish(
                market, businesses[number * 3 % len(businesses)], number, places
            )
    await find(market, sources)


async def _publish(
    market: Market, business: Business, number: int, places: int
) -> None:
    employer = await market.placing.post(
        "/employers", {"organisation": business.organisation}
    )
    shift = sum(market.agency.encode())
    title, occupation, hours, wage = WORK[(number + shift) % len(WORK)]
    vacancy = await market.placing.post(
        "/vacancies",
        {
            "employer": employer["id"],
            "title": f"{title} {INVENTED}",
            "occupation": occupation,
            "weekly_hours": hours,
            "starts_on": f"{FIRST_DAY}",
            "wage": {"amount": wage, "currency": "EUR", "period": "month"},
            "places": places + 1,  # one is left for whoever should not get it
            "programme": PROGRAMME,
        },
    )
    await market.placing.post(f"/vacancies/{vacancy['id']}/publication")
    market.vacancies.append(vacancy["id"])
    if vacancy["hours"] == "full_time":
        market.full_time.append(vacancy["id"])


async def find(market: Market, sources: Iterable[str]) -> None:
    """Find the ids of registrations by the numbers that the files gave them."""
    missing = set(sources) - market.registrations.keys()
    if not missing:
        return
    async for one in market.keeping.every("/registrations"):
        market.registrations[one["source_id"]] = one["id"]
        missing.discard(one["source_id"])
        if not missing:
            return


async def place_all(
    market: Market, wanted: Sequence[Contract], awards: Sequence[Mapping[str, Any]]
) -> None:
    await asyncio.gather(*(_place(market, one, awards) for one in wanted))


async def _place(
    market: Market, contract: Contract, awards: Sequence[Mapping[str, Any]]
) -> None:
    """Place somebody who has consented, and tell how it went on."""
    async with market.places:
        registration = market.registrations[contract.source]
        until = market.placing.journal.began + timedelta(days=365)
        consent = {"purpose": "employment", "until": f"{until:%Y-%m-%dT%H:%M:%SZ}"}
        await market.keeping.post(f"/registrations/{registration}/consents", consent)
        placement = await _started(market, contract, registration)
        market.placed[contract.source] = placement
        at = f"/placements/{placement['id']}"
        if contract.number % 4 == 0:
            award = awards[contract.number % len(awards)]["id"]
            await market.placing.post(f"{at}/subsidies", subsidy(award, contract))
        if contract.ends_on is not None:
            await market.placing.post(f"{at}/steps", ended(contract, contract.ends_on))
        market.tell(1)


async def _started(
    market: Market, contract: Contract, registration: str
) -> dict[str, Any]:
    """Propose, hear the employer, and start; most are recorded once they work."""
    stepwise = contract.number % 6 == 0
    content = {
        "vacancy": market.vacancies[contract.number % len(market.vacancies)],
        "registration": registration,
        "starts_on": f"{contract.starts_on}",
        "ends_on": f"{contract.ends_on}" if contract.ends_on else None,
        "overlap_check_consented": True,
        "status": "proposed" if stepwise else "started",
    }
    placement: dict[str, Any] = await market.placing.post("/placements", content)
    for status in ("accepted", "started") if stepwise else ():
        at = f"/placements/{placement['id']}/steps"
        placement = await market.placing.post(at, {"status": status})
    return placement


def subsidy(award: str, contract: Contract) -> dict[str, Any]:
    """Invent what an award paid towards a wage."""
    amount = f"{90 + contract.number % 7 * 15}.00"
    paid_on = contract.starts_on + timedelta(days=28)
    return {
        "award": award,
        "amount": amount,
        "currency": "USD",
        "paid_on": f"{paid_on}",
    }


def ended(contract: Contract, last: date) -> dict[str, Any]:
    """Let most work to the contract's end, and some leave a week before."""
    if contract.number % 12 == LEAVER:
        return {"status": "ended", "on": f"{last - timedelta(days=7)}", "why": "left"}
    return {"status": "ended", "on": f"{last}", "why": "completed"}


async def check(market: Market, wanted: Sequence[Contract]) -> None:
    """Look after three and six months who still works: all long terms, some short."""
    looked = {
        market.placed[one.source]["id"]: one
        for one in wanted
        if one.ends_on is None or one.number % 10 == 0
    }
    due = [
        one
        async for one in market.placing.every("/retention-checks")
        if one["placement"] in looked
    ]
    await asyncio.gather(*(_find_out(market, one, looked) for one in due))


async def _find_out(
    market: Market, due: Mapping[str, Any], looked: Mapping[str, Contract]
) -> None:
    contract = looked[due["placement"]]
    over = contract.ends_on is not None and f"{contract.ends_on}" < due["due_on"]
    result = FOUND[1 + contract.number % 3] if over else "same_job"
    finding = VERIFIED | {"result": result, "verified_on": due["due_on"]}
    async with market.places:
        await market.placing.post(f"/retention-checks/{due['id']}/finding", finding)
