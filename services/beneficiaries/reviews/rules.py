"""What a review asks for: a claim, one opinion or two, and what becomes of a pair."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final, NamedTuple
from uuid import UUID

from services.beneficiaries.linkage.rules import MATCHER, Verdict
from services.kit.refusals import Refusal

LEASE: Final = timedelta(minutes=30)
# Who says "same" against one of these is not believed alone.
GRAVE: Final = frozenset({"sex", "twin", "birth"})
Mark = tuple[float, UUID]  # the weight and the id behind which a page begins


class AlreadyJudged(Refusal):
    """This review is closed; read the queue again."""

    status = HTTPStatus.CONFLICT


class JudgedElsewhere(Refusal):
    """An agency judged this pair of its own; revise a link between agencies."""

    status = HTTPStatus.CONFLICT


class ClaimedByAnother(Refusal):
    """Somebody else is at this review just now."""

    status = HTTPStatus.CONFLICT


class NotInForce(Refusal):
    """This judgement is in force no more; another one has taken its place."""

    status = HTTPStatus.CONFLICT


class NothingBefore(Refusal):
    """Nothing was in force before this judgement; revise it instead."""

    status = HTTPStatus.CONFLICT


class Reason(StrEnum):
    """Why a reviewer judges so: a closed list, for in free text names are told."""

    DOCUMENTS_SEEN = "documents_seen"
    PERSON_MET = "person_met"
    FAMILY_ASKED = "family_asked"
    AGENCIES_ASKED = "agencies_asked"
    CLERICAL_ERROR = "clerical_error"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


class Kind(StrEnum):
    """What a review asks. Whatever else it was opened for is told to no reviewer."""

    PAIR = "pair"
    CONTRADICTION = "contradiction"

    @classmethod
    def told(cls, kind: str) -> "Kind":
        return cls(kind) if kind in set(cls) else cls.PAIR


class Order(StrEnum):
    """Which review comes first: the likeliest pair, or the one that waits longest."""

    WEIGHT = "weight"
    AGE = "age"


class Claimed(StrEnum):
    """By whom a review is claimed: its reader, or nobody."""

    ME = "me"
    NOBODY = "nobody"


class State(StrEnum):
    """What becomes of a review when an opinion has been given."""

    SETTLED = "settled"  # as many as are needed agree: it closes with their verdict
    DISPUTED = "disputed"  # they disagree: unsure is in force until two agree
    WAITING = "waiting"  # a second opinion is missing: what was in force stays


Opinions = Mapping[str, Verdict]  # each reviewer's last word, by subject


class Settled(NamedTuple):
    """The state of a review, and the judgement that is to be put in force, if any."""

    state: State
    verdict: Verdict | None


def free(by: str | None, until: datetime | None, subject: str, now: datetime) -> bool:
    """Whether a subject may act on a review: its own claim, an ended one, or none."""
    return by in (None, subject) or (until is not None and until <= now)


def needed(
    verdicts: Collection[Verdict], vetoes: Collection[str], *, asked: bool
) -> int:
    """Count how many must agree: two where it was asked for, or "same" meets a veto."""
    against = Verdict.SAME in verdicts and not GRAVE.isdisjoint(vetoes)
    return 2 if asked or against else 1


def settle(opinions: Opinions, vetoes: Collection[str], *, asked: bool) -> Settled:
    """Close with the first verdict that as many as are needed have given."""
    [(verdict, count), *others] = Counter(opinions.values()).most_common()
    enough = count >= needed(opinions.values(), vetoes, asked=asked)
    if enough and (count > 1 or not others):
        return Settled(State.SETTLED, verdict)
    if others:
        return Settled(State.DISPUTED, Verdict.UNSURE)
    return Settled(State.WAITING, None)


def restored(verdict: Verdict, made_by: str, *, stale: bool) -> Verdict:
    """Say what is in force again after an undo.

    What the matcher found of registrations that were corrected since is asked, not
    believed: nobody is linked by data that is gone.
    """
    return Verdict.UNSURE if stale and made_by == MATCHER else verdict


def prior(weight: float, levels: Iterable[float]) -> float:
    """Take off what the levels weigh: what was known before anything was compared."""
    return round(weight - sum(levels), 2)
