"""Results as CSV: a row for each figure, with where it comes from."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from services.programme.indicators.api import FactView
from services.programme.languages import Language
from services.programme.results.rules import harmless
from services.programme.results.views import EnteredView, ResultView

COLUMNS: Final = (
    "code title unit starts_on ends_on aspect kind qualifier value difference"
    " document place entered_by entered_at how events up_to last_event"
).split()


def table(results: Iterable[ResultView], language: Language) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, restval="")
    writer.writeheader()
    for result in results:
        writer.writerows(_rows(result, language))
    return written.getvalue()


def _rows(result: ResultView, language: Language) -> Iterator[dict[str, object]]:
    indicator = result.indicator
    about: dict[str, object] = {
        "code": indicator.code,
        "title": harmless(indicator.titles.said(language)),
        "unit": indicator.unit,
        "starts_on": indicator.starts_on,
        "ends_on": indicator.ends_on,
    }
    for fact in (*result.baseline, *result.target, *result.entered):
        yield about | _entered(fact)
    if (count := result.counted) is not None:
        yield about | {
            "aspect": "actual",
            "kind": "counted",
            "value": count.value,
            "how": harmless(count.how.said(language)),
            "events": " ".join(count.events),
            "up_to": count.up_to.isoformat(),
            "last_event": count.last_event,
        }


def _entered(fact: FactView) -> dict[str, object]:
    differing = fact.difference if isinstance(fact, EnteredView) else None
    return {
        "aspect": fact.aspect,
        "kind": "entered",
        "qualifier": fact.qualifier,
        "value": fact.value,
        "difference": "" if differing is None else differing,
        "document": harmless(fact.source.document),
        "place": harmless(fact.source.place),
        "entered_by": harmless(f"{fact.agency}/{fact.recorded_by}"),
        "entered_at": fact.recorded_at.isoformat(),
    }
