"""What grants keeps of organisations: one record for all who take part."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.grants.organisations.names import keys
from services.grants.organisations.rules import (
    Content,
    Kind,
    Language,
    Registry,
    Spelling,
    bare,
)
from services.grants.tables import Table
from services.kit.callers import Caller
from services.kit.columns import moment, now, word, word_if_any
from services.kit.ids import new_id


class Organisation(Table, table=True):
    """An organisation, seen by everybody; `agency` is the tenant that recorded it.

    `same_as` is the lasting record of the same body, where this one was found to be a
    second one.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agency: str
    name: str
    language: Language | None = Field(default=None, sa_column=word_if_any(Language))
    kind: Kind = Field(sa_column=word(Kind))
    registered_in: Registry | None = Field(
        default=None, sa_column=word_if_any(Registry)
    )
    registration_number: str | None = None
    bare_number: str | None = None
    municipality: str | None = None
    same_as: UUID | None = None
    recorded_at: datetime = Field(default_factory=now, sa_column=moment())
    recorded_by: str

    @classmethod
    def of(cls, content: Content, recorder: Caller) -> "Organisation":
        return cls(
            **content.model_dump(exclude={"other_names"}),
            bare_number=bare(content.registration_number),
            agency=recorder.agency,
            recorded_by=recorder.subject,
        )


class OrganisationName(Table, table=True):
    """One way in which an organisation's name is written; `agency` has told it."""

    __tablename__ = "organisation_name"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation: UUID
    agency: str
    text: str
    language: Language | None = Field(default=None, sa_column=word_if_any(Language))


class OrganisationKey(Table, table=True):
    """A key by which an organisation is found among names."""

    __tablename__ = "organisation_key"

    key: str = Field(primary_key=True)
    organisation: UUID = Field(primary_key=True)
    agency: str = Field(primary_key=True)


def names_of(
    organisation: UUID, spellings: Sequence[Spelling], recorder: Caller
) -> list[OrganisationName]:
    return [
        OrganisationName(
            organisation=organisation,
            agency=recorder.agency,
            text=one.text,
            language=one.language,
        )
        for one in spellings
    ]


def keys_of(
    organisation: UUID, spellings: Sequence[Spelling], recorder: Caller
) -> list[OrganisationKey]:
    found = sorted(keys(one.text for one in spellings))
    return [
        OrganisationKey(key=key, organisation=organisation, agency=recorder.agency)
        for key in found
    ]
