"""Who lives in the three municipalities: households, before any office wrote of them.

As many of each community as the programme's documents say. Everybody is invented.
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

STATED: Final = {"serb": 75_000, "albanian": 25_000, "roma": 2_000}
PLACES: Final = {
    "serb": ("mitrovica-north", "mitrovica-north", "zvecan"),
    "albanian": ("mitrovica-south",) * 9 + ("zvecan",),
    "roma": ("mitrovica-south", "mitrovica-north"),
}
DOUBLE_NAMES: Final = 0.03
TWINS: Final = 0.02  # of births
STREETS: Final = 18


class Name(NamedTuple):
    """A name as an Albanian and as a Serbian office writes it."""

    albanian: str
    serbian: str


class Stock(NamedTuple):
    """The names from which one community is drawn, the common ones first."""

    men: tuple[Name, ...]
    women: tuple[Name, ...]
    families: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person as they are: what is `None` nobody can write down."""

    number: int
    community: str
    given: Name
    family: Name
    father: Name
    former: Name | None
    woman: bool
    born: tuple[int, int, int]
    place: str
    street: int
    house: int
    phone: str
    paper: str
    household: int


def _stocks() -> dict[str, Stock]:
    written = Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
    return {
        community: Stock(**{part: tuple(_names(text)) for part, text in parts.items()})
        for community, parts in tomllib.loads(written).items()
    }


def _names(text: str) -> Iterator[Name]:
    for word in text.split():
        albanian, _, serbian = word.partition("/")
        yield Name(albanian, serbian or albanian)


STOCKS: Final = _stocks()


def quotas(people: int) -> dict[str, int]:
    """Part so many people as the documents part theirs."""
    whole = sum(STATED.values())
    parts = {name: people * count // whole for name, count in STATED.items()}
    parts["serb"] += people - sum(parts.values())
    return parts


def region(people: int, chance: random.Random) -> Iterator[Somebody]:
    """Draw households until everybody is there, as many of each community as stated."""
    left = quotas(people)
    household = number = 0
    while number < people:
        household += 1
        [community] = chance.choices(list(left), list(left.values()))
        for somebody in _household(community, household, chance):
            if left[community]:
                left[community] -= 1
                number += 1
                yield replace(somebody, number=number)


def _household(
    community: str, number: int, chance: random.Random
) -> Iterator[Somebody]:
    """Draw a father, a mother with a former name, and children, sometimes twins."""
    stock = STOCKS[community]
    father = _father(community, number, stock, chance)
    yield father
    mother = replace(
        father,
        given=_common(stock.women, chance),
        father=_common(stock.men, chance),
        former=_common(stock.families, chance),
        woman=True,
        born=_birthday(father.born[0] + chance.randint(-2, 6), chance),
        phone=father.phone if chance.random() < 0.5 else _phone(chance),
        paper=_paper(chance),
    )
    yield mother
    taken = {father.given, mother.given}
    for born in _births(mother.born[0], chance):
        child = _child(father, stock, born, taken, chance)
        taken.add(child.given)
        yield child


def _father(
    community: str, number: int, stock: Stock, chance: random.Random
) -> Somebody:
    family = _common(stock.families, chance)
    if chance.random() < DOUBLE_NAMES:
        other = _common(stock.families, chance)
        family = Name(*("-".join(both) for both in zip(family, other, strict=True)))
    return Somebody(
        number=0,
        community=community,
        given=_common(stock.men, chance),
        family=family,
        father=_common(stock.men, chance),
        former=None,
        woman=False,
        born=_birthday(chance.randint(1935, 1983), chance),
        place=chance.choice(PLACES[community]),
        street=chance.randrange(STREETS),
        house=chance.randint(1, 180),
        phone=_phone(chance),
        paper=_paper(chance),
        household=number,
    )


def _births(mother_born: int, chance: random.Random) -> Iterator[tuple[int, int, int]]:
    year = mother_born + chance.randint(19, 30)
    for _ in range(chance.choice((0, 1, 2, 2, 3, 4))):
        born = _birthday(min(year, 2007), chance)
        yield born
        if chance.random() < TWINS:
            yield born
        year += chance.randint(1, 4)


def _child(
    father: Somebody,
    stock: Stock,
    born: tuple[int, int, int],
    taken: set[Name],
    chance: random.Random,
) -> Somebody:
    woman = chance.random() < 0.5
    names = stock.women if woman else stock.men
    given = _common(names, chance)
    while given in taken:
        given = chance.choice(names)
    return replace(
        father,
        given=given,
        father=father.given,
        woman=woman,
        born=born,
        phone=father.phone if chance.random() < 0.6 else _phone(chance),
        paper=_paper(chance),
    )


def _common(names: tuple[Name, ...], chance: random.Random) -> Name:
    """Draw a name; those first in the list are several times as common as the last."""
    return names[int(len(names) * chance.random() ** 1.6)]


def _birthday(year: int, chance: random.Random) -> tuple[int, int, int]:
    return year, chance.randint(1, 12), chance.randint(1, 28)


def _phone(chance: random.Random) -> str:
    return f"+3834{chance.choice('3459')}{chance.randrange(10**6):06}"


def _paper(chance: random.Random) -> str:
    return f"1{chance.randrange(10**9):09}"
