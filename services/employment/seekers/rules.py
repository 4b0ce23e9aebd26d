"""What is recorded of somebody who looks for work, and how a vacancy suits them.

What counts is in `POINTS`, and nothing else does: no name, sex, age, community,
language, disability or family is in these models, so none of them can.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.employment.classifications.rules import Occupation
from services.employment.contracts import Day
from services.employment.vacancies.rules import Skills, WeeklyHours
from services.kit.refusals import Refusal
from services.kit.texts import PlaceCode

SOON: Final = timedelta(days=30)


class ConsentNeeded(Refusal):
    """A seeker is recorded with the person's consent for employment, or not at all."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class OtherSeeker(Refusal):
    """This registration of yours is recorded as a seeker already; correct that one."""

    status = HTTPStatus.CONFLICT


class Content(BaseModel):
    """What somebody looks for, and what they bring.

    `consented` says that the person has agreed, for the purpose of employment, to be
    kept as a seeker; when they no longer do, withdraw the seeker.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    occupations: Annotated[tuple[Occupation, ...], Field(min_length=1, max_length=10)]
    skills: Skills = ()
    municipalities: Annotated[tuple[PlaceCode, ...], Field(max_length=40)] = ()
    available_from: Day
    weekly_hours: WeeklyHours
    consented: bool

    def columns(self) -> dict[str, Any]:
        many = ("occupations", "skills", "municipalities")
        return {
            **self.model_dump(exclude={"consented", *many}),
            **{name: sorted(set(getattr(self, name))) for name in many},
        }


class Reason(StrEnum):
    """Why a seeker suits a vacancy."""

    SAME_OCCUPATION = "same_occupation"
    NEAR_OCCUPATION = "near_occupation"
    RELATED_OCCUPATION = "related_occupation"
    SKILLS = "skills"
    REACHABLE = "reachable"
    AVAILABLE = "available"
    AVAILABLE_SOON = "available_soon"
    HOURS = "hours"


# The most that each can bring; of the three occupations, and of the two availabilities,
# one counts. Skills bring their share of those that are asked for.
POINTS: Mapping[Reason, int] = {
    Reason.SAME_OCCUPATION: 40,
    Reason.NEAR_OCCUPATION: 25,
    Reason.RELATED_OCCUPATION: 10,
    Reason.SKILLS: 30,
    Reason.REACHABLE: 15,
    Reason.AVAILABLE: 10,
    Reason.AVAILABLE_SOON: 5,
    Reason.HOURS: 5,
}
# How many digits of the code agree: unit group, minor group, sub-major group.
NEARNESS: Mapping[Reason, int] = {
    Reason.SAME_OCCUPATION: 4,
    Reason.NEAR_OCCUPATION: 3,
    Reason.RELATED_OCCUPATION: 2,
}
FITTING: Final = frozenset({*NEARNESS, Reason.SKILLS})


@dataclass(frozen=True, slots=True)
class Sought:
    """What a seeker looks for and brings, as far as matching looks at it."""

    occupations: Sequence[str]
    skills: Sequence[str]
    municipalities: Sequence[str]
    available_from: date
    weekly_hours: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What a vacancy offers and asks for, as far as matching looks at it."""

    occupation: str | None
    skills: Sequence[str]
    municipality: str | None
    starts_on: date | None
    weekly_hours: int | None


def reasons(sought: Sought, offered: Offered) -> Mapping[Reason, int]:
    """Say why a seeker suits a vacancy, with the points of each reason.

    Where neither the occupation nor a skill fits, nothing else counts.
    """
    found = dict(_reasons(sought, offered))
    return found if FITTING & found.keys() else {}


def _reasons(sought: Sought, offered: Offered) -> Iterator[tuple[Reason, int]]:
    for reason, digits in NEARNESS.items():
        beginnings = {one[:digits] for one in sought.occupations}
        if offered.occupation and offered.occupation[:digits] in beginnings:
            yield reason, POINTS[reason]
            break
    if had := set(offered.skills) & set(sought.skills):
        share = POINTS[Reason.SKILLS] * len(had) // len(set(offered.skills))
        yield Reason.SKILLS, share
    if offered.municipality in sought.municipalities:
        yield Reason.REACHABLE, POINTS[Reason.REACHABLE]
    if offered.starts_on is not None:
        if sought.available_from <= offered.starts_on:
            yield Reason.AVAILABLE, POINTS[Reason.AVAILABLE]
        elif sought.available_from <= offered.starts_on + SOON:
            yield Reason.AVAILABLE_SOON, POINTS[Reason.AVAILABLE_SOON]
    if offered.weekly_hours is not None and offered.weekly_hours <= sought.weekly_hours:
        yield Reason.HOURS, POINTS[Reason.HOURS]
