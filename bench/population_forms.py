"""How the offices of the generated region fill their forms, with gaps and slips."""

import random
from typing import NamedTuple

from bench.population_people import COMMUNITIES, Somebody, phone
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
    """Halve a double name on some forms; on some write a wife's name from before."""
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
    if luck < 0.012 and day <= 12:
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
    return (somebody.phone if chance.random() < 0.8 else phone(chance),)


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
