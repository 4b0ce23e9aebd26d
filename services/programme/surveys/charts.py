"""A survey as bars: each population's waves in order, with how sure each share is."""

from collections.abc import Sequence

from services.programme.drawing import Bar, said
from services.programme.languages import Language
from services.programme.surveys.models import Finding
from services.programme.texts import Words
from services.programme.words import Phrase, say


def bars(findings: Sequence[Finding], language: Language) -> list[Bar]:
    return [_bar(finding, language) for finding in findings]


def _bar(finding: Finding, language: Language) -> Bar:
    whose = Words.model_validate(finding.population_titles).said(language)
    when = Words.model_validate(finding.wave_titles).said(language)
    interval = finding.published_interval or finding.computed_interval
    words = _words(finding, language)
    return Bar(f"{whose} · {when}", finding.share, words, interval)


def _words(finding: Finding, language: Language) -> str:
    """Say a share, and behind it its interval or that no size is known."""
    share = "" if finding.share is None else f"{said(finding.share, language)} %"
    published, computed = finding.published_interval, finding.computed_interval
    if published is None and computed is None:
        return f"{share} ({say(Phrase.SAMPLE_UNKNOWN, language)})"
    low, high = (said(end, language) for end in published or computed or ())
    how = "" if published else f", {say(Phrase.COMPUTED, language)}"
    return f"{share} ({low}\N{EN DASH}{high}{how})"
