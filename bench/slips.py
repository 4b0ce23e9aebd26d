"""Registrations by the pair: equal, or one slip apart, as two desks write them."""

import random
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
GIVEN = "Arben Besa Dragan Fatmire Goran Jelena Kujtim Ljubica Mërgim Nebojša Qëndresa"
FAMILY = "Berisha Cvetković Gashi Hajrizi Jovanović Krasniqi Milićević Prekazi Salihu"
PARTS = ("bar", "del", "fin", "gor", "hul", "jan", "kir", "lom", "mer", "nas", "pol")


def person(number: int, chance: random.Random) -> Json:
    """Invent somebody who is unlike all others, by an added part of the name."""
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(25_000))
    part = chance.choice(PARTS) + chance.choice(PARTS)
    return {
        "names": {
            "given": chance.choice(GIVEN.split()),
            "family": chance.choice(FAMILY.split()) + part,
        },
        "sex": chance.choice(("female", "male")),
        "birth": {"value": born.isoformat(), "precision": "day"},
        "place": chance.choice(("mitrovica-south", "mitrovica-north", "zvecan")),
        "phones": [f"+38344{number:06d}"],
        "documents": [{"kind": "id_card", "number": f"K{number:08d}", "country": "XK"}],
    }


def slipped(somebody: Json, chance: random.Random) -> Json:
    """Write the same person with one slip: in a name, the date or the document."""
    field = chance.choice(("given", "family", "birth", "document"))
    if field in ("given", "family"):
        name = typo(somebody["names"][field], chance)
        return somebody | {"names": somebody["names"] | {field: name}}
    if field == "birth":
        born = date.fromisoformat(somebody["birth"]["value"]) + timedelta(days=1)
        return somebody | {"birth": somebody["birth"] | {"value": born.isoformat()}}
    [paper] = somebody["documents"]
    number = paper["number"]
    swapped = number[:-2] + number[-1] + chance.choice("0123456789")
    return somebody | {"documents": [paper | {"number": swapped}]}


def typo(name: str, chance: random.Random) -> str:
    """Swap two neighbours, drop a letter, or double one."""
    at = chance.randrange(1, len(name) - 1)
    kinds = (
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
    )
    return chance.choice(kinds)


def pairs(count: int, seed: int = 1) -> list[tuple[Json, Json]]:
    """Give so many pairs, every second one with a slip."""
    chance = random.Random(seed)
    people = [person(number, chance) for number in range(count)]
    return [
        (one, slipped(one, chance) if number % 2 else one)
        for number, one in enumerate(people)
    ]
