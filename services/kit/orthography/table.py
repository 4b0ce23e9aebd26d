"""What a row of an orthography says: these letters are written for this sound."""

from typing import NamedTuple


class Row(NamedTuple):
    """One line of a table, with a name that shows it.

    Sounds are written with twenty letters of ASCII: every hushing affricate is `c`
    (voiceless) or `x` (voiced), every sibilant `s` or `z`; `i` stands for i, y and j.
    """

    written: str
    sound: str
    example: str
    folded: str
