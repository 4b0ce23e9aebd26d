"""Folding: from any spelling to the sounds it stands for, by the tables beside it.

Three forms, each coarser than the one before:
- `fold` follows the orthographies: it joins what is one name on paper,
- `loosen` follows the ear: it joins what clerks confuse,
- `skeleton` keeps the consonants: it is for finding candidates, never for deciding.
"""

import re
import unicodedata
from functools import lru_cache

from services.kit.orthography import (
    albanian,
    bosnian,
    keyboard,
    serbian_cyrillic,
    serbian_latin,
    strangers,
    turkish,
)

TABLES = (
    albanian.TABLE,
    serbian_latin.TABLE,
    serbian_cyrillic.TABLE,
    bosnian.TABLE,
    turkish.TABLE,
    keyboard.TABLE,
)

SOUNDS = {row.written: row.sound for table in TABLES for row in table}
_WRITTEN = re.compile("|".join(sorted(SOUNDS, key=len, reverse=True)))
_TURKISH = str.maketrans({row.written: row.sound for row in turkish.BESIDE_MARKS})
_APOSTROPHES = "'`\u2018\u2019\u02b9\u02bb\u02bc\u2032"
_OURS = frozenset("".join(SOUNDS)).union(map(chr, range(128))).difference(_APOSTROPHES)
_OURS_ESCAPED = re.escape("".join(sorted(_OURS)))
_OTHERS = re.compile(f"[^{_OURS_ESCAPED}]")
_STRANGERS = {row.written: row.ours for row in strangers.TABLE}
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})  # marks, and what only formats a text
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"([a-z])\1+")
_SYLLABIC_R = re.compile(r"(?<![aeiour])r(?![aeiour])")
SHORTEST_WITHOUT_H = 4
REMEMBERED = 16_384  # words: the same names and streets come again and again
_ALIKE = str.maketrans({"u": "i", "x": "d"})
_SOFT_L = re.compile(r"li(?=[aeo])")
_DEVOICED = {"d": "t", "b": "p", "g": "k"}
_VOWELS = re.compile("[aeiou]")


def fold(text: str) -> tuple[str, ...]:
    """Write each word of a text as its sounds, in ASCII as far as a table has them.

    >>> fold("Hoxha") == fold("Hodža") == fold("Хоџа")
    True
    """
    text = text.replace("\u00b4", "'").replace("\u1ffd", "'")  # NFKC would part them
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _OTHERS.sub(_ours, unicodedata.normalize("NFKC", text))
    if not turkish.MARKS.isdisjoint(text):
        text = text.translate(_TURKISH)
    return tuple([word for written in text.split() for word in _folded(written)])


@lru_cache(maxsize=REMEMBERED)
def _folded(written: str) -> tuple[str, ...]:
    words = _BETWEEN_WORDS.split(_sounds(written))
    return tuple(_settled(word) for word in words if word)


@lru_cache(maxsize=REMEMBERED)
def loosen(sounds: str) -> str:
    """Join what the ear joins: y, i and u; d and đ; a lost h; Ahmed and Ahmet.

    Ana and Hana are two names, so short names keep their h.
    """
    breathless = sounds.replace("h", "")
    kept = breathless if len(breathless) >= SHORTEST_WITHOUT_H else sounds
    loose = kept.translate(_ALIKE)
    if loose != sounds:  # folding has left no doubled letter
        loose = _DOUBLED.sub(r"\1", loose)
    if "li" in loose:
        loose = _SOFT_L.sub("l", loose)
    return loose[:-1] + _DEVOICED.get(loose[-1], loose[-1])


@lru_cache(maxsize=REMEMBERED)
def skeleton(sounds: str) -> str:
    """Keep the consonants, so that every slip in a vowel leaves it as it was."""
    loose = loosen(sounds)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", loose)) or loose


def _sounds(text: str) -> str:
    return _WRITTEN.sub(lambda letters: SOUNDS[letters[0]], text)


def _ours(other: re.Match[str]) -> str:
    return _based(other[0])


@lru_cache(maxsize=REMEMBERED)
def _based(sign: str) -> str:
    """Write a sign of no table as its base letter, and an apostrophe as nothing.

    A letter without a base of ours (ع, 山) stays as it is, and tells names apart.
    """
    if sign in _OURS:
        return sign
    if sign in _APOSTROPHES or unicodedata.category(sign) in _UNSEEN:
        return ""
    if sign in _STRANGERS:
        return _STRANGERS[sign]
    # One mark at a time: ḉ is a ç, and has not lost the mark that we know.
    parts = [chr(int(code, 16)) for code in unicodedata.decomposition(sign).split()]
    return "".join(map(_based, parts)) if parts else sign


def _settled(word: str) -> str:
    letters = _settled_letters(word)
    return _WITHOUT_MARKS.get(letters, letters)


def _settled_letters(word: str) -> str:
    """Apply the rules until nothing changes: one's result may be another's cause."""
    while (settled := _once(word)) != word:
        word = settled
    return word


def _once(word: str) -> str:
    word = _DOUBLED.sub(r"\1", _sounds(word))
    return _SYLLABIC_R.sub("er", word)


_WITHOUT_MARKS = {
    _settled_letters(written): sound for written, sound in turkish.WITHOUT_MARKS.items()
}
