"""The people of the generated region, before any office wrote them down."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple
from zlib import crc32

from rapidfuzz.distance import JaroWinkler

from services.beneficiaries.particulars import Sex
from services.kit.orthography import fold

Part = Literal["tuning", "checking", "measuring", "all"]
NAMES = Path(__file__).with_name("population_names.toml")
MEASURING = Path(__file__).with_name("population_names_measuring.toml")
STREETS = 18
TWINS = 0.02  # of births
ALIKE, MOST_ALIKE = 0.5, 10  # twins named alike, by one of so many names most like it


class Stock(NamedTuple):
    """The names from which one community is drawn."""

    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]


def _stocks(file: Path) -> dict[str, Stock]:
    stocks = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        community: Stock(**{part: tuple(text.split()) for part, text in parts.items()})
        for community, parts in stocks.items()
    }


class Community(NamedTuple):
    origin: str
    share: float
    places: tuple[str, ...]
    careful: float  # how often a birth date is known to the day


COMMUNITIES = {
    "albanian": Community(
        "sq", 0.40, ("mitrovica-south", "vushtrri", "skenderaj"), 0.95
    ),
    "serbian": Community("sr", 0.28, ("mitrovica-north", "zvecan", "leposavic"), 0.95),
    "bosniak": Community(
        "sr", 0.10, ("mitrovica-north", "mitrovica-south", "peja"), 0.95
    ),
    "turkish": Community("tr", 0.08, ("mitrovica-south", "prizren", "mamusha"), 0.95),
    "roma, ashkali, egyptian": Community(
        "sq", 0.14, ("mitrovica-south", "leposavic"), 0.88
    ),
}


STOCKS, UNSEEN = _stocks(NAMES), _stocks(MEASURING)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person as they are, before any office wrote them down."""

    person: int
    community: str
    given: str
    family: str
    father: str
    former: str | None
    sex: Sex
    birth: tuple[int, int, int]
    place: str
    street: int
    number: int
    phone: str
    paper: str
    household: int
    younger_twin: bool = False  # of the person drawn just before


def persons(
    people: int, chance: random.Random, names: Part, twins: float = TWINS
) -> Iterator[Somebody]:
    """Draw households until there are enough people."""
    drawn = household = 0
    while drawn < people:
        household += 1
        for somebody in _household(household, chance, names, twins):
            if drawn == people:
                return
            drawn += 1
            yield replace(somebody, person=drawn)


def _household(
    number: int, chance: random.Random, names: Part, twins: float
) -> Iterator[Somebody]:
    """Draw a father, a mother with a former name, and children, sometimes twins."""
    label = chance.choices(
        list(COMMUNITIES), [one.share for one in COMMUNITIES.values()]
    )[0]
    community = COMMUNITIES[label]
    stock = _part(label, names)
    father = _adult(number, label, community, stock, chance)
    yield father
    wife = _wife(father, stock, chance)
    yield wife
    taken = {father.given, wife.given}
    for birth, twin in _births(father.birth[0], chance, twins):
        same_sex = twin and chance.random() < 0.5
        child = _child(father, stock, birth, taken, chance)
        taken.add(child.given)
        yield child
        if twin:
            sex = child.sex if same_sex else None
            other = _child(father, stock, birth, taken, chance, sex=sex)
            if chance.random() < ALIKE:
                other = replace(other, given=_alike(child, other, stock, taken, chance))
            taken.add(other.given)
            yield replace(other, younger_twin=True)


def _births(
    father_born: int, chance: random.Random, twins: float
) -> Iterator[tuple[tuple[int, int, int], bool]]:
    year = father_born + chance.randint(21, 32)
    for _ in range(chance.choice((0, 1, 2, 2, 3, 4))):
        yield _birthday(year, chance), chance.random() < twins
        year += chance.randint(1, 4)


def _adult(
    number: int, label: str, community: Community, stock: Stock, chance: random.Random
) -> Somebody:
    family = _common(stock.families, chance)
    if chance.random() < 0.04:
        family += "-" + _common(stock.families, chance)
    return Somebody(
        0,
        label,
        _common(stock.men, chance),
        family,
        _common(stock.men, chance),
        None,
        Sex.MALE,
        _birthday(chance.randint(1940, 1990), chance),
        chance.choice(community.places),
        chance.randrange(STREETS),
        chance.randint(1, 120),
        phone(chance),
        _paper(chance),
        number,
    )


def _wife(husband: Somebody, stock: Stock, chance: random.Random) -> Somebody:
    return replace(
        husband,
        given=_common(stock.women, chance),
        father=_common(stock.men, chance),
        former=_common(stock.families, chance),
        sex=Sex.FEMALE,
        birth=_birthday(husband.birth[0] + chance.randint(-2, 6), chance),
        phone=husband.phone if chance.random() < 0.5 else phone(chance),
        paper=_paper(chance),
    )


def _child(  # noqa: PLR0913 -- a child has that many circumstances
    father: Somebody,
    stock: Stock,
    birth: tuple[int, int, int],
    taken: set[str],
    chance: random.Random,
    *,
    sex: Sex | None = None,
) -> Somebody:
    sex = sex or chance.choice((Sex.MALE, Sex.FEMALE))
    given = _common(stock.men if sex is Sex.MALE else stock.women, chance)
    while given in taken:
        given = chance.choice(stock.men if sex is Sex.MALE else stock.women)
    return replace(
        father,
        given=given,
        father=father.given,
        sex=sex,
        birth=birth,
        phone=father.phone if chance.random() < 0.6 else phone(chance),
        paper=_paper(chance),
    )


def _alike(
    elder: Somebody,
    younger: Somebody,
    stock: Stock,
    taken: set[str],
    chance: random.Random,
) -> str:
    names = stock.men if younger.sex is Sex.MALE else stock.women
    free = [name for name in names if name not in taken]
    free.sort(key=lambda name: -JaroWinkler.similarity(name, elder.given))
    return chance.choice(free[:MOST_ALIKE])


def _part(community: str, names: Part) -> Stock:
    """Keep one part of the names; no name is in two, in whatever spelling."""
    if names == "measuring":
        return UNSEEN[community]
    stock = STOCKS[community]
    if names == "all":
        return stock
    kept = 0 if names == "tuning" else 1
    return Stock(
        *(tuple(name for name in part if _side(name) == kept) for part in stock)
    )


def _side(name: str) -> int:
    return crc32("".join(fold(name)).encode()) % 2


def _common(names: tuple[str, ...], chance: random.Random) -> str:
    """Draw a name; those first in the list are several times as common as the last."""
    return names[int(len(names) * chance.random() ** 1.6)]


def _birthday(year: int, chance: random.Random) -> tuple[int, int, int]:
    return year, chance.randint(1, 12), chance.randint(1, 28)


def phone(chance: random.Random) -> str:
    return f"+3834{chance.choice('345')}{chance.randrange(10**6):06}"


def _paper(chance: random.Random) -> str:
    return f"1{chance.randrange(10**9):09}"
