"""Small businesses on both banks: recorded, supported, and linked across the river."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from deploy.replay.parties import Party
from deploy.replay.programme import INVENTED
from deploy.replay.scale import Scale

PROGRAMME: Final = "mitrovica"
# Invented: whoever bears a name like this is not meant.
SOUTH: Final = """
furra-e-re Furra e Re|mitrovica-south
zdrukthi-i-bardhe Zdrukthi i Bardhë|mitrovica-south
pekmez-shtepie Pekmez Shtëpie|mitrovica-south
gjilpera Gjilpëra|mitrovica-south
guri-dhe-druri Guri dhe Druri|mitrovica-south
serra-e-ibrit Serra e Ibrit|mitrovica-south
shtypshkronja-a4 Shtypshkronja A4|mitrovica-south
bleta-e-malit Bleta e Malit|mitrovica-south
auto-urim Auto Servisi Te Ura|mitrovica-south
xhami-i-kalter Xhami i Kaltër|mitrovica-south
leshi-i-bute Leshi i Butë|mitrovica-south
kuzhina-e-lagjes Kuzhina e Lagjes|mitrovica-south
"""
NORTH: Final = """
pekara-kod-mosta Пекара код моста|mitrovica-north
stolarija-hrast Столарија Храст|zvecan
zimnica-zvecan Зимница|zvecan
konac-i-igla Конац и игла|mitrovica-north
kamen-i-drvo Камен и дрво|zvecan
plastenik-ibar Пластеник Ибар|mitrovica-north
stamparija-list Штампарија Лист|mitrovica-north
pcelinjak-rogozna Пчелињак Рогозна|zvecan
auto-severac Ауто сервис Северац|mitrovica-north
staklo-plavo Стакло Плаво|mitrovica-north
vunica Вуница|zvecan
kuhinja-kod-nas Кухиња код нас|mitrovica-north
"""
KINDS: Final = (
    ("start_up", "Opening a workshop"),
    ("equipment", "Machines for the workshop"),
    ("market_access", "A stall at both markets"),
    ("advice", "Accounts and prices"),
    ("expansion", "A second room"),
    ("certification", "Food safety"),
)
GOODS: Final = ("bread", "window frames", "preserves", "cloth", "seedlings", "honey")


@dataclass(frozen=True)
class Business:
    """A small business: its organisation's id, and the employer that it is to UNDP."""

    name: str
    organisation: str
    employer: str


async def record(officer: Party, placing: Party) -> list[Business]:
    """Record every business once: the south's and the north's take turns."""
    south, north = (listed.strip().splitlines() for listed in (SOUTH, NORTH))
    lines = [line for pair in zip(south, north, strict=True) for line in pair]
    return list(await asyncio.gather(*(_record(officer, placing, at) for at in lines)))


async def _record(officer: Party, placing: Party, line: str) -> Business:
    head, _, municipality = line.partition("|")
    slug, _, name = head.partition(" ")
    content = {
        "name": f"{name} {INVENTED}",
        "kind": "business",
        "registered_in": "other",
        "registration_number": f"invented-{slug}",
        "municipality": municipality,
    }
    recorded = await officer.post("/organisations", content)
    key = recorded["organisation"]["id"]
    employer = await placing.post("/employers", {"organisation": key})
    return Business(name, key, employer["id"])


async def support(
    placing: Party,
    businesses: Sequence[Business],
    awards: Sequence[dict[str, Any]],
    scale: Scale,
) -> None:
    """Fund enterprise activities: small grants from awards, with business plans."""
    for number in range(scale.activities):
        business = businesses[number % len(businesses)]
        content = _activity(number, business, awards[number % len(awards)]["id"])
        activity = await placing.post("/enterprise-activities", content)
        await _plan(placing, business, activity["id"])
        at = f"/enterprise-activities/{activity['id']}/steps"
        await placing.post(at, {"state": "running"})
        if number % 5:
            await placing.post(at, {"state": "completed"})


def _activity(number: int, business: Business, award: str) -> dict[str, Any]:
    kind, title = KINDS[number % len(KINDS)]
    amount = f"{1500 + 125 * number}.00"
    return {
        "employer": business.employer,
        "kind": kind,
        "title": f"{title}: {business.name} {INVENTED}",
        "starts_on": "2009-10-01",
        "ends_on": "2010-09-30",
        "grant": {"award": award, "amount": amount, "currency": "USD"},
        "programme": PROGRAMME,
    }


async def _plan(placing: Party, business: Business, activity: str) -> None:
    content = {
        "employer": business.employer,
        "title": f"Business plan {INVENTED}",
        "written_on": "2009-08-15",
        "activity": activity,
    }
    plan = await placing.post("/business-plans", content)
    for state in ("submitted", "approved"):
        await placing.post(f"/business-plans/{plan['id']}/steps", {"state": state})


async def link(placing: Party, businesses: Sequence[Business], scale: Scale) -> None:
    """Link each business of the south with one of the north; they trade both ways."""
    for number in range(scale.links):
        pair = businesses[2 * number : 2 * number + 2]
        # As the service keeps them, so that one whose answer was lost is found.
        low, high = sorted(business.employer for business in pair)
        content = {
            "project": f"Across the river {number + 1} {INVENTED}",
            "one": low,
            "other": high,
            "since": "2009-11-02",
            "programme": PROGRAMME,
        }
        linked = await placing.post("/business-links", content)
        for month, seller in enumerate((*pair, pair[0]), 3):
            trade = {
                "seller": seller.employer,
                "goods": f"{GOODS[number % len(GOODS)]} {INVENTED}",
                "amount": f"{400 + 60 * number + 35 * month}.00",
                "currency": "EUR",
                "traded_on": f"2010-{month:02}-15",
            }
            await placing.post(f"/business-links/{linked['id']}/trades", trade)
