# ruff: noqa: RUF001 -- letters that look like others are the subject
"""Letters that no alphabet here has, and what each stands for in ours.

The first are taken for ours by eye or by a font: the Icelandic eth and the African D
have the capital of đ, and a comma below is what some fonts make of the Turkish cedilla.
The others come from farther off and are not a letter of ours with a mark. Whatever is
(Алёна, Kâmil, François) needs no row: it is read as if it had no mark.
"""

from typing import NamedTuple


class Stranger(NamedTuple):
    """A letter, what we write for it, and a name that shows it."""

    written: str
    ours: str
    example: str
    folded: str


TABLE = (
    Stranger("ð", "đ", "Ðorđe", "xorxe"),
    Stranger("ɖ", "đ", "Ɖorđe", "xorxe"),
    Stranger("ș", "ş", "Șencan", "senxan"),
    Stranger("ǧ", "ğ", "Erdoǧan", "erdogan"),
    Stranger("ə", "e", "Əli", "eli"),
    Stranger("ł", "l", "Łukasz", "lukasz"),
    Stranger("ø", "o", "Søren", "soren"),
    Stranger("æ", "ae", "Kjær", "kiaer"),
    Stranger("œ", "oe", "Lebœuf", "leboeuf"),
    Stranger("þ", "th", "Þórir", "torir"),
    Stranger("ħ", "h", "Ħamed", "hamed"),
    Stranger("і", "и", "Іван", "ivan"),
    Stranger("є", "е", "Євген", "evgen"),
    Stranger("ґ", "г", "Ґалина", "galina"),
)
