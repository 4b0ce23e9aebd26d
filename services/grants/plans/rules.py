"""What a plan says, how it comes to be adopted, and what is refused on the way."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.kit.refusals import Refusal
from services.kit.texts import Line, PlaceCode

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Municipalities = Annotated[tuple[PlaceCode, ...], Field(min_length=1, max_length=40)]
Attended = Annotated[int, Field(ge=0, le=100_000)]


class Settled(Refusal):
    """The plan has been adopted, and an adopted plan does not change."""

    status = HTTPStatus.CONFLICT


class NotReady(Refusal):
    """A plan is adopted after a consultation on it, and with a priority in it."""

    status = HTTPStatus.CONFLICT


class NoSuchPriority(Refusal):
    """A priority that is named here is in no adopted plan."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Kind(StrEnum):
    """Whose plan it is: a municipality's for its economy, or a community's own."""

    ECONOMIC_DEVELOPMENT = "economic_development"
    COMMUNITY_ACTION = "community_action"


class Language(StrEnum):
    """The languages in official use in the area, and English (BCP 47)."""

    SQ = "sq"
    SR_LATN = "sr-Latn"
    SR_CYRL = "sr-Cyrl"
    BS = "bs"
    TR = "tr"
    ROM = "rom"
    EN = "en"


Titles = Annotated[dict[Language, Line], Field(min_length=1)]


class Sector(StrEnum):
    """What a priority is about; each is one purpose of the OECD's aid statistics."""

    PEACEBUILDING = "peacebuilding"
    CIVIL_SOCIETY = "civil_society"
    LOCAL_GOVERNMENT = "local_government"
    HUMAN_RIGHTS = "human_rights"
    WOMEN = "women"
    YOUTH = "youth"
    CULTURE = "culture"
    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_PROTECTION = "social_protection"
    EMPLOYMENT = "employment"
    SMALL_BUSINESS = "small_business"
    AGRICULTURE = "agriculture"
    ENVIRONMENT = "environment"
    WATER = "water"
    TRANSPORT = "transport"


class Status(StrEnum):
    """Where a plan stands; a draft is seen by its agency only."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    ADOPTED = "adopted"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.CONSULTED}),
    Status.CONSULTED: frozenset({Status.ADOPTED}),
    Status.ADOPTED: frozenset(),
}


class Content(BaseModel):
    """A plan, for whole municipalities and a period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    titles: Titles
    municipalities: Municipalities
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            message = "a plan ends on or after the day on which it starts"
            raise ValueError(message)
        return self


class PriorityContent(BaseModel):
    """Something that a plan puts first, in the languages it was agreed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: Titles
    sector: Sector


class ConsultationContent(BaseModel):
    """A meeting on a plan: when, in which municipality, and how many came.

    Of those who came there is a number and nothing else; the place is a municipality,
    because here a neighbourhood tells the community.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    held_on: Day
    municipality: PlaceCode
    attended: Attended


def change(current: Status) -> None:
    """Let a plan be changed, unless it is adopted."""
    if not NEXT[current]:
        raise Settled


def after_consultation(current: Status) -> Status:
    """Give where a plan stands once a consultation is recorded; another adds to it."""
    change(current)
    return Status.CONSULTED


def adopt(current: Status, priorities: int) -> Status:
    change(current)
    if Status.ADOPTED not in NEXT[current] or not priorities:
        raise NotReady
    return Status.ADOPTED
