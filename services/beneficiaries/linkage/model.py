"""The linkage model, declared once: levels of agreement, vetoes, cut-offs.

Fellegi and Sunter: m is how often a level occurs between two records of one person, u
between two records of two people; the weight is log2(m / u). Levels are tried in order.
A comparison with a missing side weighs nothing. Ethnicity is in no comparison.

The numbers stand in `weights.toml` and are trained: u is counted on random pairs, m is
estimated by EM on the candidates, without the truth, from the tuning half of the
generated region's names and from FEBRL 2. The order of names, the prior, the vetoes,
and what rare levels lean on are set by hand. The other half of the names and FEBRL 3
and 4 are for measuring.
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
OTHER_KIND = "the same number under another kind"

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
