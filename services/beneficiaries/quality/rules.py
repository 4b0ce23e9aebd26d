"""What the registry's quality is estimated at, and what of that may be told.

A reviewed pair was drawn from one of three strata, and stands for as many pairs as its
stratum has for each one reviewed. Rates alone are told, with their intervals; of a
group only where enough pairs of it and as many others were reviewed, and no single
agency stands behind either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from math import ceil, floor, sqrt
from typing import NamedTuple

from services.beneficiaries.particulars import Names
from services.kit.refusals import Refusal

ENOUGH = 100  # reviewed pairs in a group, and as many beside it
AGENCIES = 2
NORMAL_95 = 1.959964
CYRILLIC = range(0x0400, 0x0530)


class NothingToTrainOn(Refusal):
    """The registry has too few registrations to train its linkage on."""

    status = HTTPStatus.CONFLICT


class NotTrained(Refusal):
    """The training did not come to its end; the numbers in force stay."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Stratum(StrEnum):
    """Where a reviewed pair comes from: linked, waiting, or just under the cut-off."""

    LINKED = "linked"
    QUEUED = "queued"
    BELOW = "below"


FOUND = frozenset({Stratum.LINKED, Stratum.QUEUED})
Sizes = Mapping[Stratum, float]  # how many pairs each stratum has in the registry


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A pair that a reviewer has judged, and the groups that its two ends belong to."""

    stratum: Stratum
    same: bool
    agencies: frozenset[str]
    groups: frozenset[str]


class Rate(NamedTuple):
    """A rate in whole percent, and its 95 % interval, rounded outwards."""

    rate: int
    low: int
    high: int


class Told(NamedTuple):
    """Of the matcher's links so many are right; of the true pairs so many are found."""

    precision: Rate | None
    recall: Rate | None


def wilson(share: float, count: float) -> tuple[float, float]:
    """Give the 95 % interval of a share that was seen on so many (Wilson, 1927)."""
    z2 = NORMAL_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    spread = share * (1 - share) / count + z2 / (4 * count**2)
    half = NORMAL_95 / (1 + z2 / count) * sqrt(spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(share: float, count: float) -> Rate:
    low, high = wilson(share, count)
    return Rate(round(100 * share), floor(100 * low), ceil(100 * high))


def enough(pairs: Sequence[Reviewed]) -> bool:
    agencies = frozenset[str]().union(*(one.agencies for one in pairs))
    return len(pairs) >= ENOUGH and len(agencies) >= AGENCIES


def precision(pairs: Iterable[Reviewed]) -> Rate | None:
    linked = [one for one in pairs if one.stratum is Stratum.LINKED]
    if not enough(linked):
        return None
    return rate(sum(one.same for one in linked) / len(linked), len(linked))


def recall(pairs: Iterable[Reviewed], each: Sizes) -> Rate | None:
    """Share of the true pairs that are linked or queued, each pair with its weight.

    Unequal weights tell less: the interval counts them as Kish's effective number.
    """
    true = [one for one in pairs if one.same]
    if not enough(true):
        return None
    total = sum(each[one.stratum] for one in true)
    found = sum(each[one.stratum] for one in true if one.stratum in FOUND)
    effective = total**2 / sum(each[one.stratum] ** 2 for one in true)
    return rate(found / total, effective)


def weights(pairs: Iterable[Reviewed], sizes: Sizes) -> Sizes:
    """Tell for how many pairs of its stratum each reviewed pair stands."""
    reviewed = Counter(one.stratum for one in pairs)
    return {
        stratum: size / reviewed[stratum] if reviewed[stratum] else 0.0
        for stratum, size in sizes.items()
    }


def told(pairs: Sequence[Reviewed], each: Sizes) -> Told:
    return Told(precision(pairs), recall(pairs, each))


def script(names: Names) -> str:
    """Tell the alphabet that a name was written in; one Cyrillic letter is enough."""
    written = f"{names.given or ''}{names.family or ''}"
    return "cyrillic" if any(ord(sign) in CYRILLIC for sign in written) else "latin"


class Group(NamedTuple):
    """What may be told of one group; `worse` than the rest, beyond the intervals."""

    name: str
    told: Told
    worse: bool


def group(name: str, pairs: Sequence[Reviewed], each: Sizes) -> Group:
    """Tell of a group where also the rest may be told: nobody can be subtracted."""
    here = told([one for one in pairs if name in one.groups], each)
    rest = told([one for one in pairs if name not in one.groups], each)
    both = [
        one if one and other else None for one, other in zip(here, rest, strict=True)
    ]
    return Group(name, Told(*both), worse=_worse(Told(*both), rest))


def _worse(here: Told, rest: Told) -> bool:
    return any(
        one is not None and other is not None and one.high < other.low
        for one, other in zip(here, rest, strict=True)
    )
