"""What employment keeps of placements."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.contracts import Term, term
from services.employment.placements.rules import Status, Why
from services.employment.tables import Own
from services.kit.columns import moment, now, word, word_if_any
from services.kit.ids import new_id


class Placement(Own, table=True):
    """One registration placed in one vacancy of the same agency.

    `person` is the key by which the database compares across agencies; no view has it.
    `contested` says that the registry was not sure of the person, by the last that was
    heard; such a placement hinders none and is hindered by none. So does one that is
    `overlapping`: a merge made it overlap another, and somebody has to look at it.
    `moves` counts how often the registration had got another person by then.
    `key_digest` is the digest of the idempotency key it was recorded under,
    `content_digest` that of what was sent.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    vacancy: UUID
    registration: UUID
    person: UUID
    contested: bool
    moves: int = 0
    overlapping: bool = False
    full_time: bool
    starts_on: date
    ends_on: date | None = None
    overlap_check_consented: bool
    status: Status = Field(default=Status.PROPOSED, sa_column=word(Status))
    why: Why | None = Field(default=None, sa_column=word_if_any(Why))
    takes_place: bool = False
    key_digest: bytes | None = None
    content_digest: bytes | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @property
    def term(self) -> Term:
        return term(self.starts_on, self.ends_on)
