"""An indicator's result: baseline, target, and what was entered and counted of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.kit.http import View
from services.programme.counts.definitions import DEFINITIONS
from services.programme.counts.rules import Measure
from services.programme.counts.store import Counted
from services.programme.indicators.api import FactView, IndicatorView
from services.programme.indicators.models import Fact, Indicator
from services.programme.indicators.rules import Aspect
from services.programme.numbers import Difference
from services.programme.results.rules import difference
from services.programme.texts import Words


class CountView(View):
    """A count, with how it was made: in words, of which events, up to which moment."""

    value: int
    how: Words
    source: str
    events: list[str]
    last_event: UUID
    up_to: datetime


class EnteredView(FactView):
    """What was entered; `difference` is by how much the count is more."""

    difference: Difference | None


class ResultView(View):
    """What is known of an indicator; several sources may say several things.

    `counted` is null where nothing counts it, or while its events are not being read.
    """

    indicator: IndicatorView
    baseline: list[FactView]
    target: list[FactView]
    entered: list[EnteredView]
    counted: CountView | None


def result_view(
    indicator: Indicator,
    facts: Iterable[Fact],
    counts: Mapping[Measure, Counted],
) -> ResultView:
    by: dict[Aspect, list[FactView]] = {aspect: [] for aspect in Aspect}
    for fact in facts:
        by[fact.aspect].append(FactView.model_validate(fact))
    count = count_view(indicator.counted_as, counts)
    return ResultView(
        indicator=IndicatorView.model_validate(indicator),
        baseline=by[Aspect.BASELINE],
        target=by[Aspect.TARGET],
        entered=[_entered(fact, count) for fact in by[Aspect.ACTUAL]],
        counted=count,
    )


def count_view(
    measure: Measure | None, counts: Mapping[Measure, Counted]
) -> CountView | None:
    if measure is None or (counted := counts.get(measure)) is None:
        return None
    definition = DEFINITIONS[measure]
    return CountView(
        value=counted.total,
        how=definition.words,
        source=definition.source,
        events=list(definition.events),
        last_event=counted.last_event,
        up_to=counted.up_to,
    )


def _entered(fact: FactView, count: CountView | None) -> EnteredView:
    counted = None if count is None else count.value
    apart = None if fact.value is None else difference(fact.value, counted)
    return EnteredView(**dict(fact), difference=apart)


def results_of(
    indicators: Sequence[Indicator],
    facts: Iterable[Fact],
    counts: Mapping[Measure, Counted],
) -> list[ResultView]:
    """Put each indicator together with its facts and its count."""
    of: dict[UUID, list[Fact]] = {one.id: [] for one in indicators}
    for fact in facts:
        of[fact.indicator].append(fact)
    return [result_view(one, of[one.id], counts) for one in indicators]
