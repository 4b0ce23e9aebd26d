"""A population like the region's, as several agencies registered it, and the truth.

Seeded: the same arguments yield the same registrations. `names` picks a part of the
name stock: weights and cut-offs are found on `tuning`, rules were made looking at
`checking` too, `measuring` was used nowhere before both were frozen.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from bench.population_forms import AGENCIES, registered
from bench.population_people import TWINS, Part, persons
from services.beneficiaries.particulars import Particulars


class Record(NamedTuple):
    agency: str
    source_id: str
    particulars: Particulars
    person: int
    community: str
    elder_twin: int | None


def population(
    people: int, *, seed: int = 1, names: Part = "all", twins: float = TWINS
) -> Iterator[Record]:
    """Register so many people, each one to three times, in the order of the people.

    `twins` is the share of births that are of two.
    """
    chance = random.Random(seed)
    serial = 0
    for somebody in persons(people, chance, names, twins):
        agencies = chance.sample(AGENCIES, chance.choice((1, 1, 2, 2, 2, 3)))
        for agency in agencies:
            serial += 1
            yield Record(
                agency.name,
                f"{agency.name}-{serial}",
                registered(somebody, agency, chance),
                somebody.person,
                somebody.community,
                somebody.person - 1 if somebody.younger_twin else None,
            )
