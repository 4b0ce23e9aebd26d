"""The linkage model, declared once: levels of agreement, vetoes, cut-offs.

Fellegi and Sunter: m is how often a level occurs between two records of one person, u
between two records of two people; the weight is log2(m / u). Levels are tried in order.
A comparison with a missing side weighs nothing. Ethnicity is in no comparison.

The numbers are trained: `python -m bench.train` prints the table. It counts u on
random pairs and estimates m by EM on the candidates, without the truth, from the tuning
half of the generated region's names and from FEBRL 2. The order of names, the prior,
the vetoes, and what rare levels lean on are set by hand. The other half of the names
and FEBRL 3 and 4 are for measuring.
"""

from collections.abc import Mapping
from math import log2
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
OTHER_KIND = "the same number under another kind"

COMPARISONS: dict[str, tuple[Level, ...]] = {
    "given": (
        Level(SAME, 0.87859, 0.004143),
        Level(PART, 0.01869, 0.000101),
        Level(ALIKE, 0.00942, 0.000082),
        Level(VOWEL, 0.00926, 0.000079),
        Level(SHORT, 0.00186, 0.000099),
        Level(SLIP, 0.01569, 0.000062),
        Level(LETTER, 0.00831, 0.000109),
        Level(NEAR, 0.03611, 0.001948),
        Level(DROPPED, 0.00177, 0.000211),
        Level(DIFFERS, 0.02029, 0.993175),
    ),
    "family": (
        Level(SAME, 0.87185, 0.007446),
        Level(PART, 0.02143, 0.000642),
        Level(ALIKE, 0.01023, 0.000032),
        Level(VOWEL, 0.00179, 0.000038),
        Level(SHORT, 0.00010, 0.000084),
        Level(SLIP, 0.02033, 0.000125),
        Level(LETTER, 0.01476, 0.000239),
        Level(NEAR, 0.02927, 0.003647),
        Level(DROPPED, 0.00134, 0.000417),
        Level(DIFFERS, 0.02901, 0.987338),
    ),
    "order": (
        Level(SWAPPED, 0.02000, 0.300000),
        Level(STRAIGHT, 0.98000, 0.700000),
    ),
    "father": (
        Level(SAME, 0.95101, 0.009546),
        Level(NEAR, 0.04706, 0.002271),
        Level(DIFFERS, 0.00193, 0.988183),
    ),
    "birth": (
        Level(SAME, 0.85177, 0.000031),
        Level(SWAPPED, 0.00948, 0.000014),
        Level(SLIP, 0.04162, 0.001162),
        Level(ONE_PART, 0.00519, 0.002876),
        Level(MONTH, 0.00252, 0.000001),
        Level(YEAR, 0.06572, 0.000795),
        Level(ABOUT, 0.01357, 0.000741),
        Level(NEXT_YEAR, 0.00016, 0.000697),
        Level(YEAR_ONLY, 0.00026, 0.009774),
        Level(DIFFERS, 0.00971, 0.983901),
    ),
    "sex": (
        Level(SAME, 0.99336, 0.500942),
        Level(DIFFERS, 0.00664, 0.499058),
    ),
    "place": (
        Level(SAME, 0.93041, 0.151074),
        Level(DIFFERS, 0.06959, 0.848926),
    ),
    "address": (
        Level(SAME, 0.24282, 0.000096),
        Level(MOST, 0.42298, 0.000067),
        Level(NUMBER, 0.23485, 0.012313),
        Level(SOME, 0.06674, 0.014043),
        Level(DIFFERS, 0.03260, 0.973481),
    ),
    "phone": (
        Level(SAME, 0.63559, 0.000097),
        Level(DIFFERS, 0.36441, 0.999903),
    ),
    "document": (
        Level(SAME, 0.50703, 0.000001),
        Level(SHORT_NUMBER, 0.42455, 0.000001),
        Level(OTHER_KIND, 0.00010, 0.000001),
        Level(SLIP, 0.04954, 0.000001),
        Level(NEAR, 0.00025, 0.000176),
        Level(DIFFERS, 0.01863, 0.999822),
    ),
}

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
# A bride's new name, or brothers whom one office wrote family name first.
ANOTHER_FAMILY_NAME = frozenset({DROPPED, DIFFERS})
BIRTH_AGREES = frozenset({SAME, SWAPPED, SLIP, ONE_PART})
SAME_HOME = frozenset({SAME, MOST})
SAME_NUMBER = frozenset({SAME, SHORT_NUMBER})
NUMBER_AGREES = SAME_NUMBER | {OTHER_KIND, SLIP}

Condition = Mapping[str, frozenset[str]]
MISSING = ""


class Veto(NamedTuple):
    """What forbids linking without a reviewer, whatever the weight.

    It stands where every comparison of `when` is on one of its levels, unless one of
    `unless` holds. A strong identifier that agrees excuses one excusable veto alone,
    but not where one of `firm` holds.
    """

    name: str
    when: Condition
    unless: tuple[Condition, ...] = ()
    excusable: bool = False
    firm: tuple[Condition, ...] = ()


# Twins under a parent's number, whom one office wrote family name first.
_TWINS_AT_HOME: tuple[Condition, ...] = (
    {"birth": BIRTH_AGREES, "phone": SAME_HOME},
    {"birth": BIRTH_AGREES, "address": SAME_HOME},
)
# A personal number may be mistaken; two namesakes may be born on one day.
_ONLY_SAME = frozenset({SAME})
_THE_SAME_AT_HOME: tuple[Condition, ...] = (
    {"given": _ONLY_SAME, "birth": _ONLY_SAME, "phone": SAME_HOME},
    {"given": _ONLY_SAME, "birth": _ONLY_SAME, "address": SAME_HOME},
)
_ONLY_DIFFERS = frozenset({DIFFERS})

VETOES = (
    Veto("sex", {"sex": _ONLY_DIFFERS}, excusable=True),
    Veto("date slip", {"birth": frozenset({YEAR_ONLY})}, excusable=True),
    Veto("birth", {"birth": _ONLY_DIFFERS}),
    Veto("father", {"father": _ONLY_DIFFERS}, excusable=True),
    Veto(
        "family",
        {"family": ANOTHER_FAMILY_NAME},
        excusable=True,
        firm=_TWINS_AT_HOME,
    ),
    Veto(
        "document",
        {"document": _ONLY_DIFFERS},
        unless=_THE_SAME_AT_HOME,
    ),
    Veto("unnamed", {"given": frozenset({MISSING})}, excusable=True),
    Veto("twin", {"given": ANOTHER_GIVEN_NAME, "birth": BIRTH_AGREES}),
    Veto("given", {"given": ANOTHER_GIVEN_NAME}, unless=({"birth": BIRTH_AGREES},)),
)


class Slip(NamedTuple):
    """What makes a single veto a slip of the hand, and no veto at all."""

    excuses: frozenset[str]
    when: Condition


SLIPS = (
    # Twins share everything but have numbers of their own, unless a parent's is both's.
    Slip(
        frozenset({"twin", "given"}),
        {"given": frozenset({LETTER}), "document": SAME_NUMBER},
    ),
    # A boy and a girl born together have two names.
    Slip(
        frozenset({"sex"}),
        {
            "given": frozenset({SAME, PART}),
            "family": frozenset({SAME, PART, ALIKE, VOWEL, SLIP, LETTER, NEAR}),
        },
    ),
)
# Besides, so many of these agree.
SLIP_IS_SHOWN_BY: Condition = {
    "birth": frozenset({SAME}),
    "phone": frozenset({SAME}),
    "address": SAME_HOME,
}
ENOUGH_TO_SHOW_A_SLIP = 2

# Above the upper cut-off a pair is linked without a reviewer, below the lower it is not
# shown to one. Chosen on the tuning half: precision above 0.998 comes before the queue.
UPPER_CUTOFF = 4.0
LOWER_CUTOFF = 2.5
