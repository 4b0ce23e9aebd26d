"""What is recorded of a training, and when somebody has completed it."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.employment.contracts import Day
from services.employment.texts import ProgrammeCode
from services.kit.refusals import Refusal
from services.kit.texts import Line, PlaceCode


class OtherParticipant(Refusal):
    """This registration of yours takes part in the training already."""

    status = HTTPStatus.CONFLICT


class NotOfThisTraining(Refusal):
    """Somebody in the list does not take part in this training; nothing was done."""

    status = HTTPStatus.CONFLICT


class Subject(StrEnum):
    """What a training is about."""

    INCLUSIVE_EDUCATION = "inclusive_education"
    MANAGEMENT = "management"
    MONITORING_AND_EVALUATION = "monitoring_and_evaluation"
    FUNDRAISING = "fundraising"
    ENTREPRENEURSHIP = "entrepreneurship"
    VOCATIONAL = "vocational"
    DIGITAL = "digital"
    SAFETY_AT_WORK = "safety_at_work"
    OTHER = "other"


class TrainerRole(StrEnum):
    """What a trainer does in a training."""

    LEAD = "lead"
    ASSISTANT = "assistant"
    GUEST = "guest"


class Kind(StrEnum):
    """As whom somebody takes part: a registered person, or one of an institution."""

    PERSON = "person"
    OFFICIAL = "official"
    TEACHER = "teacher"
    ENTREPRENEUR = "entrepreneur"


class Trainer(BaseModel):
    """Who gives the training, by institution; no name is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution: Line
    role: TrainerRole


class Content(BaseModel):
    """A course; it is completed by who was at `required_percent` of its sessions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line
    subject: Subject
    municipality: PlaceCode | None = None
    programme: ProgrammeCode | None = None
    required_percent: Annotated[int, Field(ge=1, le=100)] = 80
    trainers: Annotated[tuple[Trainer, ...], Field(max_length=20)] = ()


class SessionContent(BaseModel):
    """One meeting of a training."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    held_on: Day
    hours: Annotated[int, Field(ge=1, le=12)]
    topic: Line | None = None


class Participation(BaseModel):
    """A person by one of your registrations; anybody else by institution and function.

    Officials, teachers and entrepreneurs need no registration, and no name is kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    registration: UUID | None = None
    institution: Line | None = None
    function: Line | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        person = self.kind is Kind.PERSON
        if person != (self.registration is not None):
            message = "a person has a registration, and nobody else has"
            raise ValueError(message)
        if person == (self.institution is not None) or (person and self.function):
            message = "an institution is said of everybody but a person"
            raise ValueError(message)
        return self


def attended_by(kinds: Mapping[Kind, int]) -> dict[str, int]:
    """Say how many teachers, officials and others were at a training, and not who."""
    teachers, officials = kinds.get(Kind.TEACHER, 0), kinds.get(Kind.OFFICIAL, 0)
    others = sum(kinds.values()) - teachers - officials
    return {"teachers": teachers, "officials": officials, "others": others}


def completed(attended: int, held: int, required_percent: int) -> bool:
    """Tell whether somebody was at enough of the sessions; of none, nobody was."""
    return held > 0 and attended * 100 >= required_percent * held
