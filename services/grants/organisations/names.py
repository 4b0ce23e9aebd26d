"""Organisations' names: what of a name tells, and which two could be one.

A name is compared by its sounds (the kit's orthography), without the words that say
which legal form a body has and without those that only join others.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from services.kit.orthography import fold, loosen


class LegalForm(NamedTuple):
    """An abbreviation or word that many names carry and that tells none of them."""

    written: str
    stands_for: str


# Folding reads Cyrillic too, so each stands here once.
LEGAL_FORMS: Final = (
    LegalForm("OJQ", "organizatë joqeveritare"),
    LegalForm("OJF", "organizatë jofitimprurëse"),
    LegalForm("OSHC", "organizatë e shoqërisë civile"),
    LegalForm("NVO", "nevladina organizacija"),
    LegalForm("OCD", "organizacija civilnog društva"),
    LegalForm("NGO", "non-governmental organisation"),
    LegalForm("CSO", "civil society organisation"),
    LegalForm("Sh.p.k.", "shoqëri me përgjegjësi të kufizuar"),
    LegalForm("Sh.A.", "shoqëri aksionare"),
    LegalForm("SH.K.", "shoqëri komandite"),
    LegalForm("O.P.", "ortakëri e përgjithshme"),
    LegalForm("B.I.", "biznes individual"),
    LegalForm("N.T.P.", "ndërmarrje tregtare private"),
    LegalForm("N.P.T.", "ndërmarrje private tregtare"),
    LegalForm("N.T.SH.", "ndërmarrje tregtare shërbyese"),
    LegalForm("N.N.T.", "ndërmarrje ndërtimore tregtare"),
    LegalForm("D.P.T.", "dyqan privat tregtar"),
    LegalForm("D.P.H.", "dyqan privat hotelier"),
    LegalForm("d.o.o.", "društvo sa ograničenom odgovornošću"),
    LegalForm("a.d.", "akcionarsko društvo"),
    LegalForm("o.d.", "ortačko društvo"),
    LegalForm("k.d.", "komanditno društvo"),
    LegalForm("S.Z.R.", "samostalna zanatska radnja"),
    LegalForm("S.T.R.", "samostalna trgovinska radnja"),
    LegalForm("S.U.R.", "samostalna ugostiteljska radnja"),
    LegalForm("P.P.", "privatno preduzeće"),
    LegalForm("L.L.C.", "limited liability company"),
    LegalForm("Ltd.", "limited"),
    LegalForm("J.S.C.", "joint-stock company"),
)
JOINING: Final = "e i të së për me dhe nga në za u od sa na of for and the in a"
LIKELY: Final = 0.85
WITHIN: Final = 0.9  # one name holds all words of the other, two at least
ENOUGH: Final = 2
_SPACED = re.compile(r"(?<=\b\w\.)\s+(?=\w\.)")
_DOTS = re.compile(r"\.(?=\w)|(?<=\w)\.")


def _sounds(text: str) -> list[str]:
    """Fold a text word by word; an abbreviation with dots is one word."""
    return [loosen(word) for word in fold(_DOTS.sub("", _SPACED.sub("", text)))]


_UNTELLING: Final = frozenset(
    word
    for text in (*(form.written for form in LEGAL_FORMS), JOINING)
    for word in _sounds(text)
)


def words(name: str) -> tuple[str, ...]:
    """Give the words that tell a name from others, sorted; all, if none would be left.

    >>> words("OJQ Gratë për Paqe") == words("Grate per paqe, O.J.Q.")
    True
    """
    sounds = _sounds(name)
    telling = {word for word in sounds if word not in _UNTELLING}
    return tuple(sorted(telling or set(sounds)))


def keys(names: Iterable[str]) -> frozenset[str]:
    """Give what names are found by: each telling word, and all of a name's together."""
    told = [words(name) for name in names]
    return frozenset(key for one in told for key in (*one, " ".join(one)) if key)


def likeness(one: str, other: str) -> float:
    """Tell how alike two names sound, from 0 to 1."""
    here, there = words(one), words(other)
    ratio = fuzz.ratio(" ".join(here), " ".join(there)) / 100
    shared, fewer = {*here} & {*there}, min(len(here), len(there))
    return max(ratio, WITHIN) if len(shared) == fewer >= ENOUGH else ratio


def likest(ones: Iterable[str], others: Iterable[str]) -> float:
    """Tell how alike the likest pair of two bodies' names is."""
    there = tuple(others)
    return max((likeness(one, other) for one in ones for other in there), default=0.0)
