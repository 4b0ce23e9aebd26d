"""What members sign, how terms come into force, and how they break."""

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kit.money import WHOLE, Percent
from services.kit.refusals import Refusal
from services.kit.texts import Line

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ConsortiumNotReady(Refusal):
    """The consortium's terms are not at the stage that this act needs."""

    status = HTTPStatus.CONFLICT


class OtherTerms(Refusal):
    """What was to be signed is not what lies here now; read it again first."""

    status = HTTPStatus.CONFLICT


class NotTheLead(Refusal):
    """Only the lead of the consortium does this."""

    status = HTTPStatus.FORBIDDEN


class Role(StrEnum):
    """What a member is in the consortium; an associate may have no share."""

    LEAD = "lead"
    CO_APPLICANT = "co_applicant"
    ASSOCIATE = "associate"


class Answer(StrEnum):
    """What a member has said to the terms, each for itself."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDREW = "withdrew"


class State(StrEnum):
    """Where terms stand; terms are never changed, only followed by others."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    LEFT = "left"


ANSWERS: Mapping[Answer, frozenset[Answer]] = {
    Answer.INVITED: frozenset({Answer.ACCEPTED, Answer.REFUSED}),
    Answer.ACCEPTED: frozenset({Answer.WITHDREW}),
    Answer.REFUSED: frozenset(),
    Answer.WITHDREW: frozenset(),
}
NEXT: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.AGREED, State.REFUSED, State.LAPSED}),
    State.AGREED: frozenset({State.LEFT}),
    State.REFUSED: frozenset(),
    State.LAPSED: frozenset(),
    State.LEFT: frozenset(),
}
OPEN = frozenset({State.PROPOSED})


class Happening(StrEnum):
    """What the history of a consortium tells."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDREW = "withdrew"
    REPLACED = "replaced"
    AGREED = "agreed"
    LAPSED = "lapsed"


class Part(BaseModel):
    """One member as proposed: its role and its share of the budget in per cent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: UUID
    role: Role
    share: Percent
    task: Line | None = None

    @model_validator(mode="after")
    def _has_a_share(self) -> "Part":
        if self.share == 0 and self.role is not Role.ASSOCIATE:
            message = "only an associate takes part without a share"
            raise ValueError(message)
        return self


class Proposal(BaseModel):
    """All members at once, since each signs what the others get as well."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: Annotated[tuple[Part, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _adds_up(self) -> "Proposal":
        if sum((one.share for one in self.members), Decimal(0)) != WHOLE:
            message = "the shares add up to 100"
            raise ValueError(message)
        if [one.role for one in self.members].count(Role.LEAD) != 1:
            message = "a consortium has one lead"
            raise ValueError(message)
        if len({one.organisation for one in self.members}) < len(self.members):
            message = "each organisation is a member once"
            raise ValueError(message)
        return self

    @property
    def lead(self) -> UUID:
        return next(one.organisation for one in self.members if one.role is Role.LEAD)


def digest(text: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what is signed, written in one canonical way."""
    written = json.dumps(text, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(written.encode()).hexdigest()


def digest_of_terms(consortium: UUID, number: int, proposal: Proposal) -> str:
    members = sorted(proposal.members, key=lambda one: str(one.organisation))
    written = [
        one.model_dump(mode="json") | {"share": f"{one.share:.4f}"} for one in members
    ]
    return digest({"consortium": str(consortium), "terms": number, "members": written})


def answer(terms: State, current: Answer, said: Answer) -> Answer:
    """Give a member's new answer; only a proposal is accepted or refused."""
    open_for = {State.PROPOSED, State.AGREED} if said is Answer.WITHDREW else OPEN
    if said not in ANSWERS[current] or terms not in open_for:
        raise ConsortiumNotReady
    return said


def move(current: State, wanted: State) -> State:
    if wanted not in NEXT[current]:
        raise ConsortiumNotReady
    return wanted


def after_answer(current: State, answers: Collection[Answer]) -> State:
    """Give where terms stand once a member has answered: agreed when all accept."""
    if Answer.WITHDREW in answers:
        left = State.LEFT if current is State.AGREED else State.REFUSED
        return move(current, left)
    if Answer.REFUSED in answers:
        return move(current, State.REFUSED)
    if set(answers) == {Answer.ACCEPTED}:
        return move(current, State.AGREED)
    return current
