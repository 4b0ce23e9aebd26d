"""The linkage model, declared once: levels of agreement, vetoes, cut-offs.

Fellegi and Sunter: m is how often a level occurs between two records of one person, u
between two records of two people; the weight is log2(m / u). Levels are tried in order.
A comparison with a missing side weighs nothing. Ethnicity is in no comparison.

The numbers are set by hand, between counts on the generated region and on FEBRL 3; no
trainer has seen them. FEBRL 3 and 4 and both halves of the region's names were looked
at while they were set, so results on those flatter the model.
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
LETTER = "one inner letter"
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
        Level(SAME, 0.840, 0.0040),
        Level(PART, 0.020, 0.0002),
        Level(ALIKE, 0.025, 0.0002),
        Level(VOWEL, 0.015, 0.0002),
        Level(SHORT, 0.010, 0.0004),
        Level(SLIP, 0.025, 0.0002),
        Level(LETTER, 0.020, 0.0010),
        Level(NEAR, 0.020, 0.0010),
        Level(DROPPED, 0.003, 0.0010),
        Level(DIFFERS, 0.022, 0.9920),
    ),
    "family": (
        Level(SAME, 0.830, 0.0050),
        Level(PART, 0.030, 0.0010),
        Level(ALIKE, 0.025, 0.0002),
        Level(VOWEL, 0.010, 0.0001),
        Level(SHORT, 0.001, 0.0001),
        Level(SLIP, 0.030, 0.0004),
        Level(LETTER, 0.020, 0.0010),
        Level(NEAR, 0.020, 0.0010),
        Level(DROPPED, 0.004, 0.0004),
        Level(DIFFERS, 0.030, 0.9910),
    ),
    "order": (
        Level(SWAPPED, 0.020, 0.3000),
        Level(STRAIGHT, 0.980, 0.7000),
    ),
    "father": (
        Level(SAME, 0.900, 0.0100),
        Level(NEAR, 0.070, 0.0030),
        Level(DIFFERS, 0.030, 0.9870),
    ),
    "birth": (
        Level(SAME, 0.800, 0.00004),
        Level(SWAPPED, 0.010, 0.00003),
        Level(SLIP, 0.045, 0.0010),
        Level(ONE_PART, 0.005, 0.0030),
        Level(MONTH, 0.005, 0.00001),
        Level(YEAR, 0.080, 0.0022),
        Level(ABOUT, 0.025, 0.0030),
        Level(NEXT_YEAR, 0.001, 0.0020),
        Level(YEAR_ONLY, 0.004, 0.0100),
        Level(DIFFERS, 0.020, 0.9785),
    ),
    "sex": (
        Level(SAME, 0.990, 0.5000),
        Level(DIFFERS, 0.010, 0.5000),
    ),
    "place": (
        Level(SAME, 0.900, 0.1000),
        Level(DIFFERS, 0.100, 0.9000),
    ),
    "address": (
        Level(SAME, 0.250, 0.00003),
        Level(MOST, 0.450, 0.00002),
        Level(NUMBER, 0.150, 0.0120),
        Level(SOME, 0.090, 0.0300),
        Level(DIFFERS, 0.060, 0.95795),
    ),
    "phone": (
        Level(SAME, 0.700, 0.0001),
        Level(DIFFERS, 0.300, 0.9999),
    ),
    "document": (
        Level(SAME, 0.650, 0.000001),
        Level(SHORT_NUMBER, 0.240, 0.000001),
        Level(OTHER_KIND, 0.010, 0.000001),
        Level(SLIP, 0.060, 0.000010),
        Level(NEAR, 0.030, 0.000200),
        Level(DIFFERS, 0.010, 0.999789),
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

    It stands where every comparison of `when` is on one of its levels, unless every one
    of `unless` is. A strong identifier that agrees excuses one excusable veto alone.
    """

    name: str
    when: Condition
    unless: Condition | None = None
    excusable: bool = False


_ONLY_DIFFERS = frozenset({DIFFERS})

VETOES = (
    Veto("sex", {"sex": _ONLY_DIFFERS}, excusable=True),
    Veto("date slip", {"birth": frozenset({YEAR_ONLY})}, excusable=True),
    Veto("birth", {"birth": _ONLY_DIFFERS}),
    Veto("father", {"father": _ONLY_DIFFERS}, excusable=True),
    Veto("family", {"family": ANOTHER_FAMILY_NAME}, excusable=True),
    Veto(
        "document",
        {"document": _ONLY_DIFFERS},
        unless={"given": frozenset({SAME}), "birth": frozenset({SAME})},
    ),
    Veto("unnamed", {"given": frozenset({MISSING})}, excusable=True),
    Veto("twin", {"given": ANOTHER_GIVEN_NAME, "birth": BIRTH_AGREES}),
    Veto("given", {"given": ANOTHER_GIVEN_NAME}, unless={"birth": BIRTH_AGREES}),
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
    Slip(frozenset({"sex"}), {name: frozenset({SAME}) for name in ("given", "family")}),
)
# Besides, so many of these agree.
SLIP_IS_SHOWN_BY: Condition = {
    "birth": frozenset({SAME}),
    "phone": frozenset({SAME}),
    "address": SAME_HOME,
}
ENOUGH_TO_SHOW_A_SLIP = 2

# Above the upper cut-off a pair is linked without a reviewer, below the lower it is not
# shown to one.
UPPER_CUTOFF = 7.6
LOWER_CUTOFF = 2.0
