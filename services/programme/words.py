"""What pictures and tables say in three languages, beside what was entered in them."""

from enum import StrEnum
from typing import Final

from services.programme.languages import Language
from services.programme.texts import Words


def _said(sq: str, sr: str, en: str) -> Words:
    return Words(sq=sq, sr=sr, en=en)


class Phrase(StrEnum):
    """What is said of figures."""

    BASELINE = "baseline"
    TARGET = "target"
    ACTUAL = "actual"
    COUNTED = "counted"
    ABOUT = "about"
    UP_TO = "up_to"
    UNKNOWN = "unknown"
    SAMPLE_UNKNOWN = "sample unknown"
    SAMPLE = "sample"
    COMPUTED = "computed"


PHRASES: Final = {
    Phrase.BASELINE: _said("Gjendja fillestare", "Početno stanje", "Baseline"),
    Phrase.TARGET: _said("Synimi", "Cilj", "Target"),
    Phrase.ACTUAL: _said("E arritur", "Ostvareno", "Actual"),
    Phrase.COUNTED: _said("E numëruar", "Izbrojano", "Counted"),
    Phrase.ABOUT: _said("rreth", "oko", "about"),
    Phrase.UP_TO: _said("deri në", "do", "up to"),
    Phrase.UNKNOWN: _said("e panjohur", "nepoznato", "not known"),
    Phrase.SAMPLE_UNKNOWN: _said(
        "mostra e panjohur", "uzorak nepoznat", "sample not known"
    ),
    Phrase.SAMPLE: _said("mostra", "uzorak", "sample"),
    Phrase.COMPUTED: _said("i llogaritur", "izračunato", "computed"),
}
UNITS: Final = {
    "people": _said("persona", "osobe", "people"),
    "grants": _said("grante", "grantovi", "grants"),
    "plans": _said("plane", "planovi", "plans"),
    "jobs": _said("vende pune", "radna mesta", "jobs"),
    "trainings": _said("trajnime", "obuke", "trainings"),
    "activities": _said("aktivitete", "aktivnosti", "activities"),
    "projects": _said("projekte", "projekti", "projects"),
    "businesses": _said("biznese", "preduzeća", "businesses"),
    "us_dollars": _said("dollarë amerikanë", "američki dolari", "US dollars"),
    "yen": _said("jenë", "jeni", "yen"),
}


def say(phrase: Phrase, language: Language) -> str:
    return PHRASES[phrase].said(language)
