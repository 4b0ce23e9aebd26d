"""What linkage keeps: judgements on pairs, and the reviews that wait for people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.beneficiaries.linkage.rules import Reason, Verdict
from services.beneficiaries.tables import Table
from services.kit.columns import moment_if_any, word, word_if_any
from services.kit.ids import new_id
from services.kit.sealing import Place


def traits_place(registration: UUID) -> Place:
    return Place("trait", "traits", registration)


class Judgement(Table, table=True):
    """Same, different or unsure, with its evidence; superseded, never edited."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    low: UUID
    high: UUID
    audience: str
    verdict: Verdict = Field(sa_column=word(Verdict))
    made_by: str
    reason: Reason | None = Field(default=None, sa_column=word_if_any(Reason))
    weight: float
    evidence: list[list[Any]] = Field(sa_column=Column(JSONB))
    made_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    superseded_at: datetime | None = Field(default=None, sa_column=moment_if_any())


class Review(Table, table=True):
    """A pair that waits for a reviewer of its audience."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    low: UUID
    high: UUID
    audience: str
    kind: str
    weight: float
    opened_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    closed_at: datetime | None = Field(default=None, sa_column=moment_if_any())
    closed_as: str | None = None
