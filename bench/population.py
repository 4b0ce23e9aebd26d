"""A population like the region's, as several agencies registered it, and the truth.

Seeded: the same arguments yield the same registrations. `names` picks one half of the
name stock, so that what is tuned on one half can be measured on the other.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from bench.population_names import (
    ALBANIAN,
    BOSNIAK,
    ROMA_ASHKALI_EGYPTIAN,
    SERBIAN,
    TURKISH,
    Stock,
)
from bench.population_spelling import slipped, spelled
from services.beneficiaries.particulars import (
    BirthDate,
    Document,
    DocumentKind,
    Names,
    Particulars,
    Precision,
    Sex,
)

Half = Literal["tuning", "measuring", "all"]


class Community(NamedTuple):
    stock: Stock
    origin: str
    share: float
    places: tuple[str, ...]
    careful: float  # how often a birth date is known to the day


COMMUNITIES = {
    "albanian": Community(
        ALBANIAN, "sq", 0.40, ("mitrovica-south", "vushtrri", "skenderaj"), 0.95
    ),
    "serbian": Community(
        SERBIAN, "sr", 0.28, ("mitrovica-north", "zvecan", "leposavic"), 0.95
    ),
    "bosniak": Community(
        BOSNIAK, "sr", 0.10, ("mitrovica-north", "mitrovica-south", "peja"), 0.95
    ),
    "turkish": Community(
        TURKISH, "tr", 0.08, ("mitrovica-south", "prizren", "mamusha"), 0.95
    ),
    "roma, ashkali, egyptian": Community(
        ROMA_ASHKALI_EGYPTIAN, "sq", 0.14, ("mitrovica-south", "leposavic"), 0.88
    ),
}


class Agency(NamedTuple):
    """How one office writes, and how much of a form it fills."""

    name: str
    orthography: str
    father: float
    phone: float
    document: float
    address: float


AGENCIES = (
    Agency("north", "cyrl", 0.8, 0.6, 0.6, 0.7),
    Agency("river", "sr", 0.4, 0.8, 0.4, 0.5),
    Agency("south", "sq", 0.8, 0.7, 0.6, 0.7),
    Agency("mission", "ascii", 0.3, 0.8, 0.4, 0.6),
    Agency("bridge", "own", 0.5, 0.6, 0.3, 0.4),
)

SHORT_FORMS = {
    "Aleksandar": "Aca", "Slobodan": "Boban", "Nebojša": "Neša", "Svetlana": "Ceca",
    "Gordana": "Goca", "Vladimir": "Vlada", "Dušan": "Duško", "Petar": "Pera",
    "Fatmir": "Miri", "Bajram": "Baki", "Ramadan": "Dani", "Emine": "Mine",
    "Mustafa": "Mujo", "Sylejman": "Syla", "Valentina": "Tina", "Jelena": "Jeca",
    "Snežana": "Sneža", "Miodrag": "Mile", "Nikola": "Nidža", "Zorica": "Zora",
}  # fmt: skip
STREETS = (
    ("Nëna Terezë", "Majke Tereze"), ("Adem Jashari", "Adema Jašarija"),
    ("Mbretëresha Teutë", "Kraljice Teute"), ("Knez Miloš", "Kneza Miloša"),
    ("Car Dushan", "Cara Dušana"), ("Lisi", "Hrastova"), ("Ura", "Mostovska"),
    ("Shkolla", "Školska"), ("Kalaja", "Tvrđavska"), ("Lumi", "Rečna"),
    ("Dielli", "Sunčana"), ("Mulliri", "Vodenička"), ("Fusha", "Poljska"),
    ("Bjeshka", "Planinska"), ("Stacioni", "Stanična"), ("Minatori", "Rudarska"),
    ("Isa Boletini", "Ise Boljetinija"), ("Filip Vishnjiq", "Filipa Višnjića"),
)  # fmt: skip


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


class Record(NamedTuple):
    agency: str
    source_id: str
    particulars: Particulars
    person: int
    community: str


def population(people: int, *, seed: int = 1, names: Half = "all") -> Iterator[Record]:
    """Register so many people, each one to three times, in the order of the people."""
    chance = random.Random(seed)
    serial = 0
    for somebody in persons(people, chance, names):
        agencies = chance.sample(AGENCIES, chance.choice((1, 1, 2, 2, 2, 3)))
        for agency in agencies:
            serial += 1
            yield Record(
                agency.name,
                f"{agency.name}-{serial}",
                registered(somebody, agency, chance),
                somebody.person,
                somebody.community,
            )


def persons(people: int, chance: random.Random, names: Half) -> Iterator[Somebody]:
    """Draw households until there are enough people."""
    drawn = household = 0
    while drawn < people:
        household += 1
        for somebody in _household(household, chance, names):
            if drawn == people:
                return
            drawn += 1
            yield replace(somebody, person=drawn)


def _household(number: int, chance: random.Random, names: Half) -> Iterator[Somebody]:
    """A father, a mother with a former name, their children, now and then twins."""
    label = chance.choices(
        list(COMMUNITIES), [one.share for one in COMMUNITIES.values()]
    )[0]
    community = COMMUNITIES[label]
    stock = _half(community.stock, names)
    father = _adult(number, label, community, stock, chance)
    yield father
    wife = _wife(father, stock, chance)
    yield wife
    taken = {father.given, wife.given}
    for birth, twin in _births(father.birth[0], chance):
        same_sex = twin and chance.random() < 0.5
        child = _child(father, stock, birth, taken, chance)
        taken.add(child.given)
        yield child
        if twin:
            other = _child(
                father, stock, birth, taken, chance, child.sex if same_sex else None
            )
            taken.add(other.given)
            yield other


def _births(
    father_born: int, chance: random.Random
) -> Iterator[tuple[tuple[int, int, int], bool]]:
    year = father_born + chance.randint(21, 32)
    for _ in range(chance.choice((0, 1, 2, 2, 3, 4))):
        yield _birthday(year, chance), chance.random() < 0.02
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
        chance.randrange(len(STREETS)),
        chance.randint(1, 120),
        _phone(chance),
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
        phone=husband.phone if chance.random() < 0.5 else _phone(chance),
        paper=_paper(chance),
    )


def _child(  # noqa: PLR0913 -- a child has that many circumstances
    father: Somebody,
    stock: Stock,
    birth: tuple[int, int, int],
    taken: set[str],
    chance: random.Random,
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
        phone=father.phone if chance.random() < 0.6 else _phone(chance),
        paper=_paper(chance),
    )


def registered(
    somebody: Somebody, agency: Agency, chance: random.Random
) -> Particulars:
    """Write somebody down as this office would, with what it forgets and mistakes."""
    sex = somebody.sex
    if chance.random() < 0.004:
        sex = Sex.FEMALE if sex is Sex.MALE else Sex.MALE
    place = somebody.place
    if chance.random() < 0.06:
        place = chance.choice(COMMUNITIES[somebody.community].places)
    return Particulars(
        names=_written_names(somebody, agency, chance),
        sex=Sex.UNKNOWN if chance.random() < 0.02 else sex,
        birth=_written_birth(somebody, chance),
        place=place if chance.random() < 0.9 else None,
        address=_written_address(somebody, agency, chance),
        phones=_written_phones(somebody, agency, chance),
        documents=_written_documents(somebody, agency, chance),
        household=f"{agency.name}-{somebody.household}",
    )


def _written_names(somebody: Somebody, agency: Agency, chance: random.Random) -> Names:
    given = somebody.given
    if chance.random() < 0.02:
        given = SHORT_FORMS.get(given, given)
    given = _written(given, somebody, agency, chance)
    family = _written(_family(somebody, chance), somebody, agency, chance)
    if chance.random() < 0.012:
        given, family = family, given
    father = None
    if chance.random() < agency.father:
        father = _written(somebody.father, somebody, agency, chance)
    if father and chance.random() < 0.04:
        given, father = f"{given} {father}", None
    former = somebody.former
    if former:
        former = _written(former, somebody, agency, chance)
    return Names(
        given=given,
        family=family,
        father=father,
        former_family=former if chance.random() < 0.3 else None,
    )


def _family(somebody: Somebody, chance: random.Random) -> str:
    """Some forms hold half of a double name, some a wife's name from before."""
    family = somebody.family
    if "-" in family and chance.random() < 0.3:
        family = chance.choice(family.split("-"))
    if somebody.former and chance.random() < 0.04:
        family = somebody.former
    if somebody.former and chance.random() < 0.03:
        family = f"{somebody.former}-{family}"
    return family


def _written(
    name: str, somebody: Somebody, agency: Agency, chance: random.Random
) -> str:
    origin = COMMUNITIES[somebody.community].origin
    if origin == "sq" and any(letter in name for letter in "čćšžđČĆŠŽĐ"):
        origin = "sr"
    own = {"sq": "sq", "sr": "sr", "tr": "tr"}[origin]
    office = own if agency.orthography == "own" else agency.orthography
    if chance.random() < 0.06:
        office = "ascii"
    text = spelled(name, origin, office, chance)
    if chance.random() < 0.02 and text[-1] in "ae":
        text = text[:-1] + ("e" if text[-1] == "a" else "a")
    text = slipped(text, chance) if chance.random() < 0.03 else text
    return text.upper() if chance.random() < 0.1 else text


def _written_birth(somebody: Somebody, chance: random.Random) -> BirthDate:
    year, month, day = somebody.birth
    if chance.random() > COMMUNITIES[somebody.community].careful:
        return _vague(year, chance)
    luck = chance.random()
    if luck < 0.012 and day <= 12:  # noqa: PLR2004 -- months
        month, day = day, month
    elif luck < 0.024:
        day = max(1, min(28, day + chance.choice((-1, 1, 10, -10))))
    elif luck < 0.032:
        year += chance.choice((-1, 1, 10, -10))
    elif luck < 0.038:
        month = chance.randint(1, 12)
        day = min(day, 28)
    return BirthDate(value=f"{year}-{month:02}-{day:02}", precision=Precision.DAY)


def _vague(year: int, chance: random.Random) -> BirthDate:
    kind = chance.choice(("year", "year", "first", "estimated", "nothing"))
    if kind == "year":
        return BirthDate(value=str(year), precision=Precision.YEAR)
    if kind == "first":
        return BirthDate(value=f"{year}-01-01", precision=Precision.DAY)
    if kind == "estimated":
        guess = year + chance.choice((-2, -1, 0, 0, 1, 2))
        return BirthDate(value=str(guess), precision=Precision.ESTIMATED)
    return BirthDate()


def _written_address(
    somebody: Somebody, agency: Agency, chance: random.Random
) -> str | None:
    if chance.random() > agency.address:
        return None
    albanian, serbian = STREETS[somebody.street]
    number = somebody.number if chance.random() < 0.93 else chance.randint(1, 120)
    if agency.orthography in {"sq", "ascii"}:
        return f"Rr. {spelled(albanian, 'sq', agency.orthography, chance)} nr. {number}"
    office = "sr" if agency.orthography == "own" else agency.orthography
    return f"Ul. {spelled(serbian, 'sr', office, chance)} {number}"


def _written_phones(
    somebody: Somebody, agency: Agency, chance: random.Random
) -> tuple[str, ...]:
    if chance.random() > agency.phone:
        return ()
    return (somebody.phone if chance.random() < 0.8 else _phone(chance),)


def _written_documents(
    somebody: Somebody, agency: Agency, chance: random.Random
) -> tuple[Document, ...]:
    if chance.random() > agency.document:
        return ()
    number = somebody.paper
    if chance.random() < 0.02:
        at = chance.randrange(len(number))
        number = number[:at] + str(chance.randrange(10)) + number[at + 1 :]
    return (Document(kind=DocumentKind.PERSONAL_NUMBER, number=number, country="XK"),)


def _half(stock: Stock, names: Half) -> Stock:
    """Every second name of each list; both halves keep common and rare ones."""
    if names == "all":
        return stock
    start = 0 if names == "tuning" else 1
    return Stock(*(part[start::2] for part in stock))


def _common(names: tuple[str, ...], chance: random.Random) -> str:
    """Draw a name; those first in the list are several times as common as the last."""
    return names[int(len(names) * chance.random() ** 1.6)]


def _birthday(year: int, chance: random.Random) -> tuple[int, int, int]:
    return year, chance.randint(1, 12), chance.randint(1, 28)


def _phone(chance: random.Random) -> str:
    return f"+3834{chance.choice('345')}{chance.randrange(10**6):06}"


def _paper(chance: random.Random) -> str:
    return f"1{chance.randrange(10**9):09}"
