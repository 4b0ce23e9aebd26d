"""Occupations by ISCO-08 and sectors by ISIC Rev. 4, to be found by their words.

`isco08.tsv` is the ILO's classification: major groups, sub-major groups and the 436
unit groups, in the ILO's English. `isic4.tsv` is the United Nations' classification:
sections and divisions. Albanian and Serbian titles are our own working translations, so
that people find what they look for; where there is none the field is empty. They are no
official translation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from services.kit.orthography.folding import fold

UNIT: Final = 4  # digits of an occupation's code
MOST_FOUND: Final = 50
LONGER: Final = 6  # letters


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a classification, with its titles; empty where there is none."""

    code: str
    en: str
    sq: str | None
    sr: str | None


def _read(name: str) -> Mapping[str, Group]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {
        code: Group(code, en, *(title or None for title in (*rest, "", "")[:2]))
        for code, en, *rest in rows
    }


ISCO: Final = _read("isco08.tsv")
ISIC: Final = _read("isic4.tsv")
OCCUPATIONS: Final = tuple(one for one in ISCO.values() if len(one.code) == UNIT)


def _occupation(code: str) -> str:
    if len(code) != UNIT or code not in ISCO:
        message = "not a unit group of ISCO-08"
        raise ValueError(message)
    return code


def _sector(code: str) -> str:
    if code not in ISIC:
        message = "not a section or division of ISIC Rev. 4"
        raise ValueError(message)
    return code


Occupation = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}$"), AfterValidator(_occupation)
]
Sector = Annotated[
    str, StringConstraints(pattern=r"^([A-U]|[0-9]{2})$"), AfterValidator(_sector)
]


@cache
def _words(group: Group) -> frozenset[str]:
    """Give the words by which a group is found: its titles and its groups' above."""
    above = (ISCO[group.code[:digits]] for digits in (1, 2) if len(group.code) == UNIT)
    titles = (title for one in (group, *above) for title in (one.en, one.sq, one.sr))
    return frozenset(word for title in titles if title for word in fold(title))


def found(
    groups: Iterable[Group], text: str, most: int = MOST_FOUND
) -> Sequence[Group]:
    """Find the groups in which each word of a text begins some word of a title.

    Words are folded as names are: električar, elektricar and електричар are one. Titles
    are plurals, so the last letter of a longer word may differ: nastavnik, nastavnici.
    Groups that say it in their own title come before those that only belong to one.
    """
    wanted = [word if len(word) < LONGER else word[:-1] for word in fold(text)]
    hits = [one for one in groups if _all_begin(wanted, _words(one))]
    return sorted(hits, key=lambda one: not _all_begin(wanted, _own(one)))[:most]


def _own(group: Group) -> frozenset[str]:
    titles = " ".join(filter(None, (group.en, group.sq, group.sr)))
    return frozenset(fold(titles))


def _all_begin(wanted: Iterable[str], words: Iterable[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)
