"""What is recorded of a vacancy, and how it comes to be filled, reopened and closed."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from services.employment.classifications.rules import Occupation, Sector
from services.employment.contracts import Dates
from services.employment.money import Sum
from services.employment.texts import ProgrammeCode
from services.kit.refusals import Refusal
from services.kit.texts import Line, PlaceCode

FULL_TIME_FROM: Final = 35  # hours a week; the labour law's full time is 40
MOST_PLACES: Final = 1000
# Skills by ESCO's hierarchy: skills (S), transversal skills (T), knowledge (K). Not its
# languages (L): here a language tells the community, and nobody is ranked by that.
SkillCode = Annotated[
    str,
    StringConstraints(
        pattern=r"^([ST][0-9]{1,2}(\.[0-9]{1,2}){0,3}|K[0-9]{2,4})$", max_length=12
    ),
]
Skills = Annotated[tuple[SkillCode, ...], Field(max_length=20)]
WeeklyHours = Annotated[int, Field(ge=1, le=60)]


class Hours(StrEnum):
    """Whether the work takes somebody's whole time; only then may it overlap none."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class Period(StrEnum):
    """What a wage is paid for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    CONTRACT = "contract"


class Access(StrEnum):
    """What makes the work possible for somebody who needs it."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    SIGN_LANGUAGE = "sign_language"
    SCREEN_READER = "screen_reader"
    ASSISTANCE = "assistance"
    FLEXIBLE_HOURS = "flexible_hours"
    REMOTE_WORK = "remote_work"
    TRANSPORT = "transport"


class State(StrEnum):
    """Where a vacancy stands; only a published one takes anybody."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FILLED = "filled"
    CLOSED = "closed"


# Filled and published again follow from the places that are taken; the rest is asked.
NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PUBLISHED, State.CLOSED}),
    State.PUBLISHED: frozenset({State.FILLED, State.CLOSED}),
    State.FILLED: frozenset({State.PUBLISHED, State.CLOSED}),
    State.CLOSED: frozenset(),
}


class VacancyClosed(Refusal):
    """The vacancy takes nobody: it is a draft, filled, or closed."""

    status = HTTPStatus.CONFLICT


class NoSuchStep(Refusal):
    """The vacancy cannot be brought from where it stands to what is asked."""

    status = HTTPStatus.CONFLICT


class Wage(Sum):
    """An amount in a currency, and what it is paid for."""

    period: Period


class Content(Dates):
    """A vacancy of one of your employers.

    `occupation` is a unit group of ISCO-08, `sector` a section or division of ISIC
    Rev. 4. From 35 hours a week on the work counts as full-time. `starts_on` and
    `ends_on` are the contract's; six months or more are a long term.
    """

    employer: UUID
    title: Line
    occupation: Occupation
    sector: Sector | None = None
    weekly_hours: WeeklyHours
    wage: Wage | None = None
    municipality: PlaceCode | None = None
    places: Annotated[int, Field(ge=1, le=MOST_PLACES)] = 1
    skills: Skills = ()
    accessibility: Annotated[tuple[Access, ...], Field(max_length=len(Access))] = ()
    programme: ProgrammeCode | None = None

    @property
    def hours(self) -> Hours:
        return hours(self.weekly_hours)

    def columns(self) -> dict[str, Any]:
        """Give the columns that keep this: a wage takes three, or none."""
        wage = self.wage
        return {
            **self.model_dump(exclude={"wage", "skills", "accessibility"}),
            "hours": self.hours,
            "wage_amount": wage.written if wage else None,
            "wage_currency": wage.currency if wage else None,
            "wage_period": wage.period if wage else None,
            "skills": sorted(set(self.skills)),
            "accessibility": sorted(set(self.accessibility)),
        }


def hours(weekly: int) -> Hours:
    return Hours.FULL_TIME if weekly >= FULL_TIME_FROM else Hours.PART_TIME


def move(current: State, wanted: State) -> State:
    if wanted not in NEXT[current]:
        raise NoSuchStep
    return wanted


def require_open(state: State) -> None:
    if state is not State.PUBLISHED:
        raise VacancyClosed


def settled(current: State, taken: int, places: int) -> State:
    """Say where a vacancy stands once so many places are taken.

    The last place fills it, and one that is freed reopens it. A closed one stays closed
    whoever leaves, and a draft has nobody.
    """
    if current not in {State.PUBLISHED, State.FILLED}:
        return current
    return State.FILLED if taken >= places else State.PUBLISHED
