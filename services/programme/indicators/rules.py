"""What is recorded of an indicator, and what a fact about it must say."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from services.programme.counts.rules import Measure
from services.programme.numbers import Figure
from services.programme.texts import Code, Day, Line, Source, Words


class Unit(StrEnum):
    """What an indicator is a number of."""

    PEOPLE = "people"
    GRANTS = "grants"
    PLANS = "plans"
    JOBS = "jobs"
    TRAININGS = "trainings"
    ACTIVITIES = "activities"
    PROJECTS = "projects"
    BUSINESSES = "businesses"
    US_DOLLARS = "us_dollars"
    YEN = "yen"


class Aspect(StrEnum):
    """What a fact says of an indicator: where it began, was to go, and went."""

    BASELINE = "baseline"
    TARGET = "target"
    ACTUAL = "actual"


class Qualifier(StrEnum):
    """How exact a source says its figure is."""

    EXACT = "exact"
    ABOUT = "about"
    UP_TO = "up_to"


class Content(BaseModel):
    """An indicator: what is measured, over which period, and what counts it, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    titles: Words
    unit: Unit
    starts_on: Day
    ends_on: Day
    counted_as: Measure | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on < self.starts_on:
            message = "a period ends on or after the day on which it starts"
            raise ValueError(message)
        return self


class Claim(BaseModel):
    """What a source says of an indicator, as it says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aspect: Aspect
    value: Figure
    qualifier: Qualifier = Qualifier.EXACT


class FactContent(Claim):
    """A figure as its source states it; where it is unknown nothing is entered."""

    source: Source


class Correction(BaseModel):
    """What stands in a fact's place: another value, or, where it is null, nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Figure | None
    qualifier: Qualifier = Qualifier.EXACT
    source: Source
    reason: Line
