"""What is kept of reviewing: judgements, what waits for one, opinions on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.reviews.rules import Reason
from services.beneficiaries.tables import Table
from services.kit.columns import moment_if_any, now, word, word_if_any
from services.kit.ids import new_id


class Judgement(Table, table=True):
    """Same, different or unsure, with its evidence; superseded, never edited.

    `restores` names the judgement that an undo has put in force again by this one.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    low: UUID
    high: UUID
    audience: str
    verdict: Verdict = Field(sa_column=word(Verdict))
    made_by: str
    reason: Reason | None = Field(default=None, sa_column=word_if_any(Reason))
    weight: float
    evidence: list[list[Any]] = Field(sa_column=Column(JSONB))
    made_at: datetime = Field(default_factory=now, sa_column=moment_if_any())
    superseded_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    supersedes: UUID | None = None
    restores: UUID | None = None


class Review(Table, table=True):
    """A pair that waits for a reviewer of its audience; a claim on it has an end."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    low: UUID
    high: UUID
    audience: str
    kind: str
    weight: float
    evidence: list[list[Any]] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True))
    )
    opened_at: datetime = Field(default_factory=now, sa_column=moment_if_any())
    closed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    closed_as: str | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_column=moment_if_any())
    second_opinion: bool = False
    disputed: bool = False


class Opinion(Table, table=True):
    """What one reviewer says of a pair; a later word of the same one replaces it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    review: UUID
    audience: str
    verdict: Verdict = Field(sa_column=word(Verdict))
    reason: Reason = Field(sa_column=word(Reason))
    given_by: str
    given_at: datetime = Field(default_factory=now, sa_column=moment_if_any())
    replaced_at: datetime | None = Field(default=None, sa_column=moment_if_any())
