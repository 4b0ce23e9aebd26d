"""The linkage model, declared once: levels of agreement, vetoes, cut-offs.

Fellegi and Sunter: m is how often a level occurs between two records of one person, u
between two records of two people; the weight is log2(m / u). Levels are tried in order.
A comparison with a missing side weighs nothing. Ethnicity is in no comparison.

The numbers stand in `weights.toml` and are trained: u is counted on random pairs, m is
estimated by EM on the candidates, without the truth, from the tuning names of the
generated region and from FEBRL 2. The order of names, the prior, the vetoes, and what
rare levels lean on are set by hand. docs/linkage.md tells what it was measured on.
"""

import tomllib
from collections.abc import Mapping
from math import log2
from pathlib import Path
from typing import NamedTuple


class Level(NamedTuple):
    label: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        return log2(self.m / self.u)


SAME = "same"
PART = "a part of a double name"
ALIKE = "sounds alike"
VOWEL = "another final vowel"
SHORT = "a usual short form"
SLIP = "one slip inside"
LETTER = "one letter inside a long name"
NEAR = "near"
DROPPED = "final vowel dropped"
DIFFERS = "differs"
SWAPPED = "swapped"
STRAIGHT = "straight"
ONE_PART = "one part differs"
MONTH = "same month"
YEAR = "same year, as far as known"
ABOUT = "about the same year"
YEAR_ONLY = "only the year agrees"
NEXT_YEAR = "the next year"
NUMBER = "the house number agrees"
MOST = "mostly the same"
SOME = "partly the same"
SHORT_NUMBER = "the same short number"
PARENTS = "the same number, of a child"
OTHER_KIND = "the same number under another kind"
FOLLOWS = "one slip, or the number that follows"

NUMBERS = Path(__file__).with_name("weights.toml")


def read(numbers: str) -> dict[str, tuple[Level, ...]]:
    """Read comparisons with their levels, in the order in which they are tried."""
    return {
        comparison: tuple(Level(label, **pair) for label, pair in levels.items())
        for comparison, levels in tomllib.loads(numbers).items()
    }


COMPARISONS = read(NUMBERS.read_text(encoding="utf-8"))

WEIGHTS: dict[str, dict[str, float]] = {
    name: {level.label: level.weight for level in levels}
    for name, levels in COMPARISONS.items()
}

# How often two people share a given or a family name: what frequencies adjust.
SHARED: dict[str, float] = {
    name: level.u
    for name in ("given", "family")
    for level in COMPARISONS[name]
    if level.label == SAME
}

# Before anything is compared: one pair in 130,000, as in a registry of a few hundred
# thousand registrations in which most people occur once or twice.
PRIOR_WEIGHT = -17.0

# Another given name; a missing one is none.
ANOTHER_GIVEN_NAME = frozenset({LETTER, NEAR, DROPPED, DIFFERS})
ANOTHER_FAMILY_NAME = frozenset({DROPPED, DIFFERS})
NAME_AGREES = frozenset({SAME, PART, ALIKE, VOWEL, SHORT, SLIP, LETTER, NEAR})
BIRTH_AGREES = frozenset({SAME, SWAPPED, SLIP, ONE_PART})
SAME_HOME = frozenset({SAME, MOST})
NUMBER_AGREES = frozenset({SAME, SHORT_NUMBER, PARENTS, OTHER_KIND, SLIP, FOLLOWS})

Condition = Mapping[str, frozenset[str]]
MISSING = ""


class Veto(NamedTuple):
    """What forbids linking without a reviewer, whatever the weight.

    It stands where every comparison of `when` is on one of its levels, unless one of
    `unless` holds. A strong identifier that agrees excuses it.
    """

    name: str
    when: Condition
    unless: tuple[Condition, ...] = ()


_ONLY_SAME = frozenset({SAME})
_ONLY_DIFFERS = frozenset({DIFFERS})
# One name and one birthday. Two namesakes may be born on one day: something else is
# needed where the family name or a personal number says another.
_OWN_GIVEN_NAME = frozenset({SAME, ALIKE, VOWEL, SLIP})
_NAMESAKE: Condition = {"given": _OWN_GIVEN_NAME, "birth": _ONLY_SAME}
_OF_ONE_FAMILY: Condition = {**_NAMESAKE, "family": NAME_AGREES}
# Namesakes of one house are a generation apart, which is no slip of the pen.
_MISDATED: Condition = {
    "given": _OWN_GIVEN_NAME,
    "family": NAME_AGREES,
    "birth": frozenset({SWAPPED, SLIP}),
}


def _at_home(one: Condition) -> tuple[Condition, ...]:
    return (
        {**one, "phone": SAME_HOME},
        {**one, "address": SAME_HOME},
        {**one, "father": _ONLY_SAME},
    )


_OF_ONE_HOUSE = _at_home(_NAMESAKE)
# Twins whom one office wrote family name first share what stands as their given name.
_A_BRIDE = tuple({**one, "order": frozenset({STRAIGHT})} for one in _OF_ONE_HOUSE)

VETOES = (
    # A boy and a girl born together have two names, and few names are of both.
    Veto("sex", {"sex": _ONLY_DIFFERS}, unless=(_OF_ONE_FAMILY,)),
    Veto("date slip", {"birth": frozenset({YEAR_ONLY})}),
    Veto("birth", {"birth": _ONLY_DIFFERS}),
    Veto("father", {"father": _ONLY_DIFFERS}),
    Veto("family", {"family": ANOTHER_FAMILY_NAME}, unless=_A_BRIDE),
    Veto(
        "document",
        {"document": _ONLY_DIFFERS},
        unless=(_OF_ONE_FAMILY, *_OF_ONE_HOUSE, *_at_home(_MISDATED)),
    ),
    Veto("unnamed", {"given": frozenset({MISSING})}),
    Veto("twin", {"given": ANOTHER_GIVEN_NAME, "birth": BIRTH_AGREES}),
    Veto("given", {"given": ANOTHER_GIVEN_NAME}, unless=({"birth": BIRTH_AGREES},)),
)


class Identifier(NamedTuple):
    """A level of the documents that is cause enough to link, and excuses every veto.

    But so many other things agree (a number may have been copied from the line above),
    and none of `unless` holds: somebody else of the house may stand under it.
    """

    level: str
    borne_out: int
    unless: tuple[Condition, ...]


_PERHAPS_ANOTHER = frozenset(WEIGHTS["given"]) - _OWN_GIVEN_NAME | {MISSING}
_ANOTHER = frozenset({DIFFERS, MISSING})
_ANOTHER_BIRTH = frozenset({DIFFERS, YEAR_ONLY, NEXT_YEAR})
_RELATIVES: tuple[Condition, ...] = (
    {"given": _ANOTHER, "birth": _ANOTHER_BIRTH},
    {"given": _ANOTHER, "sex": _ONLY_DIFFERS},
)
STRONG = (
    Identifier(SAME, 2, _RELATIVES),
    # Whosever the number is, two of one house do not share a given name as well; but
    # twins do whom one office wrote family name first.
    Identifier(
        PARENTS,
        2,
        (
            {"given": _PERHAPS_ANOTHER},
            {"birth": _ANOTHER_BIRTH},
            {
                "family": ANOTHER_FAMILY_NAME | {MISSING},
                "order": frozenset({MISSING, SWAPPED}),
            },
        ),
    ),
    Identifier(SLIP, 3, _RELATIVES),
    # Twins may have numbers that follow each other.
    Identifier(FOLLOWS, 3, ({"given": frozenset({NEAR, DROPPED, DIFFERS})},)),
)
BORNE_OUT_BY: Condition = {
    "given": NAME_AGREES,
    "family": NAME_AGREES,
    "birth": BIRTH_AGREES,
    "phone": SAME_HOME,
    "address": SAME_HOME,
}

# Above the upper cut-off a pair is linked without a reviewer, below the lower it is not
# shown to one. Chosen on the tuning half: precision above 0.998 comes before the queue.
UPPER_CUTOFF = 6.5
LOWER_CUTOFF = 1.5
