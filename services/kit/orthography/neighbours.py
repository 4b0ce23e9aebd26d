"""What neighbours make of one name, beyond what the ear confuses: for comparing only.

Most are names that came with the Ottomans, and that Albanian, Bosnian, Serbian and
Turkish have worn down differently. They are in no match key, so a row more or less does
not change the scheme.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from services.kit.orthography.folding import REMEMBERED, loosen


class Habit(NamedTuple):
    """One neighbour's habit, in folded sounds, and a name spelled with and without."""

    heard: re.Pattern[str]
    told: str
    example: str
    other: str


HABITS = (
    # Turkish k and g before a front vowel are Albanian q and gj.
    Habit(re.compile("c(?=[ei])"), "k", "Shaqir", "Şakir"),
    Habit(re.compile("^ca"), "ka", "Qamil", "Kamil"),
    Habit(re.compile("^x(?=[iu]l)"), "g", "Gjylten", "Gülten"),
    Habit(re.compile("ei(?=[^aeiou])"), "e", "Zejnel", "Zenel"),
    Habit(re.compile("z$"), "s", "Ramiz", "Ramis"),
)
# Arabic -ud-din, heard through any vowel, once loosened: but Milutin is not Miladin.
SLAVIC = "utin"
FAITH = Habit(re.compile("(?<=[a-z]{3})[aeiou]*[dt]in$"), "din", "Nuredin", "Nurettin")


@lru_cache(maxsize=REMEMBERED)
def related(sounds: str) -> str:
    """Give the form that neighbouring forms of one folded name share."""
    for habit in HABITS:
        sounds = habit.heard.sub(habit.told, sounds)
    loose = loosen(sounds)
    if sounds.endswith(SLAVIC):
        return loose
    return FAITH.heard.sub(FAITH.told, loose)
