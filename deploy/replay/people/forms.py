"""How somebody gets into an office's file: in its own hand, with gaps and slips.

Written apart from the registry's tables of letters on purpose: what is counted must not
be made by what counts.
"""

import random
import unicodedata
from typing import Final

from deploy.replay.people.households import Name, Somebody
from deploy.replay.people.offices import PLACES, SEXES, Hand, Office

CYRILLIC: Final = str.maketrans(
    "abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш"
)
DIGRAPHS: Final = (("lj", "љ"), ("nj", "њ"), ("dž", "џ"))
ROADS: Final = (
    ("Nëna Terezë", "Majke Tereze"), ("Mbretëresha Teutë", "Kraljice Teute"),
    ("Lisi", "Hrastova"), ("Ura", "Mostovska"), ("Shkolla", "Školska"),
    ("Kalaja", "Tvrđavska"), ("Lumi", "Rečna"), ("Dielli", "Sunčana"),
    ("Mulliri", "Vodenička"), ("Fusha", "Poljska"), ("Bjeshka", "Planinska"),
    ("Stacioni", "Stanična"), ("Minatori", "Rudarska"), ("Gurra", "Izvorska"),
    ("Pisha", "Borova"), ("Kopshti", "Baštenska"), ("Tregu", "Pijačna"),
    ("Ibri", "Ibarska"),
)  # fmt: skip


def written(somebody: Somebody, office: Office, chance: random.Random) -> list[str]:
    """Fill one row of an office's file; `FIELDS` names what stands where."""
    hand = _hand(somebody, office, chance)
    return [
        _slipped(_spelled(somebody.given, hand), 0.03, chance),
        _slipped(_family(somebody, hand, chance), 0.03, chance),
        _spelled(somebody.father, hand) if chance.random() < office.father else "",
        _former(somebody, hand, chance),
        SEXES[office.language][somebody.woman] if chance.random() < 0.98 else "",
        _birth(somebody, office, chance),
        PLACES[office.language].get(somebody.place, somebody.place),
        _address(somebody, hand, chance) if chance.random() < office.address else "",
        somebody.phone if chance.random() < office.phone else "",
        _paper(somebody, chance) if chance.random() < office.paper else "",
        f"{office.agency}-{somebody.household}" if chance.random() < 0.9 else "",
        _community(somebody, chance) if office.asks_community else "",
    ]


def _hand(somebody: Somebody, office: Office, chance: random.Random) -> Hand:
    """Let an office write in its hand, or in the person's, and some clerks in ASCII."""
    if chance.random() < 0.04:
        return "ascii"
    if office.hand != "own":
        return office.hand
    return "cyrl" if somebody.community == "serb" else "sq"


def _spelled(name: Name, hand: Hand) -> str:
    if hand == "sq":
        return name.albanian
    if hand == "ascii":
        return _bare(name.serbian)
    return _cyrillic(name.serbian) if hand == "cyrl" else name.serbian


def _cyrillic(text: str) -> str:
    lower = text.lower()
    for latin, letter in DIGRAPHS:
        lower = lower.replace(latin, letter)
    return "-".join(
        word[:1].upper() + word[1:] for word in lower.translate(CYRILLIC).split("-")
    )


def _bare(text: str) -> str:
    """Strip to ASCII as keyboards do: đ becomes dj."""
    apart = unicodedata.normalize("NFKD", text.replace("đ", "dj").replace("Đ", "Dj"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _family(somebody: Somebody, hand: Hand, chance: random.Random) -> str:
    """Halve a double name on some forms; on some write the one from before."""
    family = _spelled(somebody.family, hand)
    if "-" in family and chance.random() < 0.3:
        return chance.choice(family.split("-"))
    if somebody.former is not None and chance.random() < 0.03:
        return _spelled(somebody.former, hand)
    return family


def _former(somebody: Somebody, hand: Hand, chance: random.Random) -> str:
    if somebody.former is None or chance.random() > 0.3:
        return ""
    return _spelled(somebody.former, hand)


def _birth(somebody: Somebody, office: Office, chance: random.Random) -> str:
    """Write the birth date, or of some the year, or nothing; now and then another."""
    year, month, day = somebody.born
    luck = chance.random()
    if luck < (0.12 if somebody.community == "roma" else 0.05):
        return chance.choice((str(year), str(year), ""))
    if luck > 0.99:
        day = max(1, min(28, day + chance.choice((-1, 1, 10, -10))))
    elif luck > 0.98:
        year += chance.choice((-1, 1))
    return office.dates.format(min(year, 2008), month, day)


def _address(somebody: Somebody, hand: Hand, chance: random.Random) -> str:
    road = Name(*ROADS[somebody.street])
    house = somebody.house if chance.random() < 0.94 else chance.randint(1, 180)
    prefix = {"sq": "Rr.", "cyrl": "Ул."}.get(hand, "Ul.")
    return f"{prefix} {_spelled(road, hand)} {house}"


def _paper(somebody: Somebody, chance: random.Random) -> str:
    number = somebody.paper
    if chance.random() < 0.015:
        at = chance.randrange(1, len(number))
        number = number[:at] + str(chance.randrange(10)) + number[at + 1 :]
    return number


def _community(somebody: Somebody, chance: random.Random) -> str:
    """Let most declare what they are; some prefer not to say, some are not asked."""
    luck = chance.random()
    if luck < 0.1:
        return "prefers_not_to_say"
    return somebody.community if luck < 0.6 else ""


def _slipped(text: str, share: float, chance: random.Random) -> str:
    """Make, on so many forms, one slip: a letter lost, doubled or swapped."""
    if chance.random() >= share or len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    head, here, tail = text[:at], text[at], text[at + 1 :]
    slips = (head + tail, head + here + here + tail, head + tail[:1] + here + tail[1:])
    return chance.choice(slips)
