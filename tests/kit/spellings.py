# ruff: noqa: RUF001, RUF003 -- other alphabets are the subject
"""What the tables let people write for a name, sound by sound, and how they read it.

Written against the rows alone: nothing here knows how folding goes about them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hypothesis import strategies as st

from services.kit.orthography import (
    albanian,
    bosnian,
    keyboard,
    serbian_cyrillic,
    serbian_latin,
    turkish,
)
from services.kit.orthography.folding import TABLES
from services.kit.orthography.table import Row

PLAIN = "abcdefghiklmnoprstuvz"  # sounds whose own letter every Latin alphabet has
MARKED = dict(zip("sgou", "şğöü", strict=True))
# Two letters that are read as one: dj, gj, lj; дј, гј, лј.
WITH_J = frozenset(
    row.written for table in TABLES for row in table if row.written[1:] in {"j", "ј"}
)


class Orthography(NamedTuple):
    """A way to write: rows by their letters, and whether Turkish marks are among them.

    Beside a mark c and j are Turkish, so such a text is Turkish throughout, and one
    without a mark is not.
    """

    name: str
    rows: Mapping[str, Row]
    marked: bool = False

    @property
    def sounds(self) -> list[str]:
        return sorted({row.sound for row in self.rows.values()})

    def ways(self, sounds: str) -> Iterator[Row]:
        """List the rows that can write the beginning of some sounds."""
        for row in self.rows.values():
            if row.sound and sounds.startswith(row.sound):
                yield row

    def read(self, written: str) -> str:
        """Read a word as its table has it, the longest letters first."""
        if self.marked and turkish.MARKS.isdisjoint(written):
            return UNMARKED.read(written)
        longest = sorted(self.rows, key=len, reverse=True)
        letters = re.compile("|".join(map(re.escape, longest)))
        return letters.sub(lambda found: self.rows[found[0]].sound, written)


def _latin(name: str, *rows: Row, marked: bool = False) -> Orthography:
    plain = {letter: Row(letter, letter, "", "") for letter in PLAIN}
    return Orthography(name, plain | {row.written: row for row in rows}, marked)


CYRILLIC = Orthography("Cyrillic", {row.written: row for row in serbian_cyrillic.TABLE})
TURKISH = _latin("Turkish", *turkish.TABLE, *turkish.BESIDE_MARKS, marked=True)
UNMARKED = _latin(
    "Turkish without marks",
    *(row for row in turkish.TABLE if turkish.MARKS.isdisjoint(row.written)),
)
ORTHOGRAPHIES = (
    _latin("Albanian", *albanian.TABLE),
    _latin("Serbian", *serbian_latin.TABLE),
    CYRILLIC,
    _latin("Bosnian", *bosnian.TABLE),
    TURKISH,
    UNMARKED,
    _latin("keyboard", *keyboard.TABLE),
)
MIXED = Orthography(
    "all but the marks",
    {
        letters: row
        for one in ORTHOGRAPHIES
        if not one.marked
        for letters, row in one.rows.items()
    },
)
# Beside a mark every c and j is Turkish, so here nobody writes either.
MIXED_WITH_MARKS = Orthography(
    "all but c and j",
    {
        letters: row
        for one in ORTHOGRAPHIES
        for letters, row in one.rows.items()
        if {"c", "j"}.isdisjoint(letters)
    },
)
SILENT = [row.written for row in CYRILLIC.rows.values() if not row.sound]


def names(one: Orthography) -> st.SearchStrategy[str]:
    """Make up names of an orthography's own sounds, none of them doubled."""
    sounds = st.lists(st.sampled_from(one.sounds), min_size=1, max_size=9)
    return sounds.map("".join).filter(bool).map(undoubled)


def undoubled(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)


@st.composite
def spellings(draw: st.DrawFn, sounds: str, one: Orthography) -> str:
    """Write sounds by any rows of an orthography; what it cannot write stays ASCII.

    A j is not written where it would make another letter of the one before: nobody
    who means Nadia writes Nadja.
    """
    written, left = "", sounds
    while left:
        rows = [row for row in one.ways(left) if _apart(written, row)]
        row = draw(st.sampled_from(rows)) if rows else _as_it_is(left)
        written += row.written + _silence(draw, one)
        left = left[len(row.sound) :]
    return written


@st.composite
def texts(draw: st.DrawFn, words: tuple[str, ...], one: Orthography) -> str:
    """Write several words in one orthography; marked ones with a mark at least."""
    text = " ".join(draw(spellings(word, one)) for word in words)
    if not one.marked or not turkish.MARKS.isdisjoint(text):
        return text
    marked = re.sub("[sgou]", lambda found: MARKED[found[0]], text, count=1)
    return marked if marked != text else draw(texts(words, UNMARKED))


def _apart(written: str, row: Row) -> bool:
    return row.sound != "i" or written[-1:] + row.written not in WITH_J


def _as_it_is(left: str) -> Row:
    return Row(left[0], left[0], "", "")


def _silence(draw: st.DrawFn, one: Orthography) -> str:
    if not one.rows.keys() >= set(SILENT):
        return ""
    return draw(st.sampled_from(["", "", "", *SILENT]))
