"""What employment keeps of placements."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.employment.placements.rules import Status, Term, term
from services.employment.tables import Table
from services.kit.columns import moment, now, word
from services.kit.ids import new_id


class Placement(Table, table=True):
    """One registration placed in one vacancy of the same agency.

    `person` is the key by which the database compares across agencies; no view has it.
    `contested` says that the registry was not sure of the person when it was asked;
    such a placement hinders none and is hindered by none.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    vacancy: UUID
    registration: UUID
    person: UUID
    contested: bool
    full_time: bool
    starts_on: date
    ends_on: date | None = None
    overlap_check_consented: bool
    status: Status = Field(default=Status.ACTIVE, sa_column=word(Status))
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @property
    def term(self) -> Term:
        return term(self.starts_on, self.ends_on)
