"""What a survey says, and how sure that is: an interval only where a size is known."""

from decimal import Decimal, localcontext
from typing import Annotated, Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.programme.numbers import Percent
from services.programme.texts import Code, Day, Line, Source, Words

WHOLE: Final = Decimal(100)
Z: Final = Decimal("1.959963984540054")  # of the normal distribution, for 95 %
SHOWN: Final = Decimal("0.1")
Size = Annotated[int, Field(ge=1, le=10_000_000)]
Wave = Annotated[int, Field(ge=1, le=100)]


class Interval(NamedTuple):
    """From where to where a share lies, in per cent."""

    low: Decimal
    high: Decimal


class SurveyContent(BaseModel):
    """A question that is asked, once or wave after wave."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    question: Words


class Answer(BaseModel):
    """What a population answered in a wave, as it was published.

    Whatever the source does not say is null: nothing of it is made up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wave: Wave
    wave_titles: Words
    asked_on: Day | None = None
    population: Code
    population_titles: Words
    share: Percent
    sample_size: Size | None = None
    low: Percent | None = None
    high: Percent | None = None

    @model_validator(mode="after")
    def _has_its_share_within(self) -> Self:
        require_within(self)
        return self


class FindingContent(Answer):
    """An answer, and where it was published."""

    source: Source


class FindingCorrection(BaseModel):
    """What stands in a finding's place; a share of null takes it back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: Percent | None
    sample_size: Size | None = None
    low: Percent | None = None
    high: Percent | None = None
    source: Source
    reason: Line

    @model_validator(mode="after")
    def _has_its_share_within(self) -> Self:
        require_within(self)
        return self


def require_within(told: Answer | FindingCorrection) -> None:
    """Refuse half an interval, and one that its share is not in."""
    ends = (told.low, told.share, told.high)
    known = [one for one in ends if one is not None]
    if (told.low is None) != (told.high is None) or known != sorted(known):
        message = "an interval has two ends, and its share between them"
        raise ValueError(message)


def wilson(share: Decimal, size: int) -> Interval:
    """Compute Wilson's score interval at 95 %, as if the sample were a simple one."""
    with localcontext(prec=28):
        p, n, square = share / WHOLE, Decimal(size), Z * Z
        middle = (p + square / (2 * n)) / (1 + square / n)
        spread = p * (1 - p) / n + square / (4 * n * n)
        half = Z * spread.sqrt() / (1 + square / n)
    low, high = ((middle + sign * half) * WHOLE for sign in (-1, 1))
    return Interval(_shown(max(low, Decimal(0))), _shown(min(high, WHOLE)))


def _shown(percent: Decimal) -> Decimal:
    return percent.quantize(SHOWN)


def computed(share: Decimal | None, size: int | None) -> Interval | None:
    """Compute an interval where there is a size to compute it from."""
    return None if share is None or size is None else wilson(share, size)
