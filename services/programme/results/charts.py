"""A result as bars: baseline, target, what was entered, source by source, the count."""

from collections.abc import Iterator
from decimal import Decimal

from services.programme.drawing import Bar, said
from services.programme.indicators.api import FactView
from services.programme.indicators.rules import Qualifier
from services.programme.languages import Language
from services.programme.results.views import ResultView
from services.programme.words import UNITS, Phrase, say

QUALIFIED = {Qualifier.ABOUT: Phrase.ABOUT, Qualifier.UP_TO: Phrase.UP_TO}


def title(result: ResultView, language: Language) -> str:
    unit = UNITS[result.indicator.unit].said(language)
    return f"{result.indicator.titles.said(language)} ({unit})"


def bars(result: ResultView, language: Language) -> Iterator[Bar]:
    """Give the bars in their order; what nobody has said is said to be unknown."""
    for phrase, facts in (
        (Phrase.BASELINE, result.baseline),
        (Phrase.TARGET, result.target),
        (Phrase.ACTUAL, result.entered),
    ):
        if not facts:
            yield Bar(say(phrase, language), None, say(Phrase.UNKNOWN, language))
        yield from (_bar(phrase, fact, language) for fact in facts)
    if (count := result.counted) is not None:
        until = f"{count.up_to:%Y-%m-%d}"
        name = f"{say(Phrase.COUNTED, language)} ({until})"
        value = Decimal(count.value)
        yield Bar(name, value, said(value, language))


def _bar(phrase: Phrase, fact: FactView, language: Language) -> Bar:
    value = fact.value or Decimal(0)
    words = said(value, language)
    if (qualified := QUALIFIED.get(fact.qualifier)) is not None:
        words = f"{say(qualified, language)} {words}"
    source = f"{fact.source.document}: {fact.source.place}"
    return Bar(say(phrase, language), value, words, source=source)
