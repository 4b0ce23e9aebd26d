"""What an application says, what of it is signed, and the states it goes through."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.grants.calls.composition import Rule
from services.grants.consortia.rules import digest
from services.grants.texts import Paragraphs
from services.kit.money import Amount, payable
from services.kit.refusals import Invalid, Refusal
from services.kit.texts import Line


class ApplicationNotReady(Refusal):
    """The application is not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class NotAllSigned(Refusal):
    """Not every member has signed what lies here now."""

    status = HTTPStatus.CONFLICT


class PutOut(Refusal):
    """Nobody is put out of a consortium that has applied: a member leaves by itself."""

    status = HTTPStatus.CONFLICT


class NoAttemptsLeft(Refusal):
    """This lead has tried the rules of this call as often as the call allows."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class DecidedBySame(Refusal):
    """Whoever declined an application does not decide its appeal."""

    status = HTTPStatus.FORBIDDEN


class NotComposed(Refusal):
    """The consortium does not meet the call's rules; `errors` says which."""

    status = HTTPStatus.CONFLICT

    def __init__(self, *broken: Rule) -> None:
        super().__init__()
        self.broken = broken

    def problem(self) -> dict[str, object]:
        return super().problem() | {
            "errors": [
                {"pointer": f"/rules/{rule.kind}", "reason": rule.reason()}
                for rule in self.broken
            ]
        }


class Status(StrEnum):
    """Where an application stands; the agency sees it from its submission on."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    SCORED = "scored"
    RANKED = "ranked"
    AWARDED = "awarded"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"


# A member that leaves cannot be held back, so the application is suspended; it goes on,
# assessed anew or as the award it was, when the consortium is whole and signed again.
NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset(
        {Status.ELIGIBLE, Status.DECLINED, Status.WITHDRAWN, Status.SUSPENDED}
    ),
    Status.ELIGIBLE: frozenset({Status.SCORED, Status.WITHDRAWN, Status.SUSPENDED}),
    Status.SCORED: frozenset({Status.RANKED, Status.WITHDRAWN, Status.SUSPENDED}),
    Status.RANKED: frozenset(
        {Status.AWARDED, Status.DECLINED, Status.WITHDRAWN, Status.SUSPENDED}
    ),
    Status.AWARDED: frozenset({Status.SUSPENDED}),
    Status.SUSPENDED: frozenset(
        {Status.SUBMITTED, Status.AWARDED, Status.DECLINED, Status.WITHDRAWN}
    ),
    Status.DECLINED: frozenset({Status.APPEALED}),
    Status.APPEALED: frozenset({Status.SUBMITTED, Status.DECLINED}),
    Status.WITHDRAWN: frozenset(),
}
RESTING = frozenset(  # on terms that a member may yet leave
    {Status.SUBMITTED, Status.ELIGIBLE, Status.SCORED, Status.RANKED, Status.AWARDED}
)


RANKABLE = frozenset({Status.SCORED, Status.RANKED, Status.AWARDED})
OFFERABLE = frozenset({Status.DRAFT, Status.SUSPENDED, Status.AWARDED})  # to be signed


class Draft(BaseModel):
    """What a consortium asks for; it may change until it is submitted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line
    summary: Paragraphs | None = None
    amount: Amount
    priorities: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()


def move(current: Status, wanted: Status) -> Status:
    if wanted not in NEXT[current]:
        raise ApplicationNotReady
    return wanted


def asked(amount: Decimal, currency: str, ceiling: Decimal) -> Decimal:
    """Give the amount in its currency's decimals, if the call may grant it."""
    try:
        written = payable(amount, currency)
    except ValueError as cause:
        raise Invalid(wrong_amount(str(cause))) from cause
    if not 0 < written <= ceiling:
        raise Invalid(wrong_amount("is above nothing and within the call's ceiling"))
    return written


def wrong_amount(reason: str) -> dict[str, str]:
    return {"pointer": "/body/amount", "reason": reason}


def digest_to_sign(  # noqa: PLR0913 -- all that a signature covers, and nothing else
    application: UUID,
    call: UUID,
    terms: str,
    draft: Draft,
    currency: str,
    documents: Collection[str],
) -> str:
    """Give the digest that every member signs: content, terms and documents."""
    return digest(
        {
            "application": str(application),
            "call": str(call),
            "terms": terms,
            "title": draft.title,
            "summary": draft.summary,
            "amount": f"{draft.amount:.4f}",
            "currency": currency,
            "priorities": sorted(str(one) for one in draft.priorities),
            "documents": sorted(documents),
        }
    )


def renewed(awarded_at: datetime | None) -> Status:
    """Give where a suspended application goes on when it is whole again."""
    return Status.SUBMITTED if awarded_at is None else Status.AWARDED


def put_out(
    before: Collection[UUID], left: Collection[UUID], now: Sequence[UUID]
) -> bool:
    """Tell whether someone is missing who has not left by itself."""
    return bool(set(before) - set(left) - set(now))


class Place(NamedTuple):
    """Where an application comes among the others; tied, it shares its rank."""

    application: UUID
    rank: int
    tied: bool


def ranked(scores: Mapping[UUID, Decimal]) -> list[Place]:
    """Rank by score, the highest first: 1, 2, 2, 4."""
    given = Counter(scores.values())
    return [
        Place(
            one, 1 + sum(other > score for other in scores.values()), given[score] > 1
        )
        for one, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
