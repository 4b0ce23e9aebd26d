"""On which level two names agree, each of one or more words."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.usage import other_forms, short_for
from services.kit.orthography import loosen, related, sayable

ENOUGH_FOR_AN_ENDING = 4  # letters
ENOUGH_TO_BE_SURE, ENOUGH_FOR_A_LOSS, ENOUGH_FOR_A_LETTER = 5, 7, 7  # letters
ENOUGH_FOR_EDITS = {1: 4, 2: 7}  # letters in the longer name
NEARLY, UNLIKE = 0.9 - 1e-9, 0.55
REMEMBERED = 16_384  # comparisons of two words: the same names meet again and again
VOWELS = frozenset("aeiou")
WOMANS, SHORTEST_STEM = re.compile("[ae]$"), 3
Words = tuple[str, ...]
_RANK = {level.label: rank for rank, level in enumerate(model.COMPARISONS["given"])}


def agree(left: Words, right: Words) -> str:
    """Compare two given names or two family names."""
    if left == right:
        return model.SAME
    if len(left) == len(right) == 1:
        return _words(left[0], right[0])
    if "".join(left) == "".join(right) or set(left) == set(right):
        return model.SAME
    best = min((_words(a, b) for a in left for b in right), key=_RANK.__getitem__)
    return model.PART if best == model.SAME else best


def same_woman(left: Words, right: Words) -> bool:
    """Whether two names of women differ in nothing but the ending of a woman's name.

    Nimet and Nimete, Shahe and Šaha.
    """
    if not len(left) == len(right) == 1:
        return False
    one, other = (WOMANS.sub("", words[0]) for words in (left, right))
    if one == other:
        return len(one) >= SHORTEST_STEM
    sure = min(len(one), len(other)) >= ENOUGH_TO_BE_SURE
    return sure and related(one) == related(other)


def better(one: str, other: str) -> str:
    return one if _RANK[one] <= _RANK[other] else other


def _words(left: str, right: str) -> str:
    if left == right:
        return model.SAME
    return _two_words(left, right) if left < right else _two_words(right, left)


@lru_cache(maxsize=REMEMBERED)
def _two_words(left: str, right: str) -> str:
    likeness = JaroWinkler.similarity(left, right)
    if likeness < UNLIKE:  # most pairs end here, before anything costly
        return _by_usage(left, right) or model.DIFFERS
    if usual := _by_usage(left, right):
        return usual
    if loosen(left) == loosen(right) or related(left) == related(right):
        # Naim and Naum, Luka and Lika are two; but Esat is Esad.
        ending = ENOUGH_FOR_AN_ENDING if left[:-1] == right[:-1] else ENOUGH_TO_BE_SURE
        sure = min(len(left), len(right)) >= ending
        return model.ALIKE if sure else model.NEAR
    return _ending(left, right) or _spelling(left, right, likeness)


def _by_usage(left: str, right: str) -> str | None:
    if other_forms(left, right):
        return model.ALIKE
    return model.SHORT if short_for(left, right) else None


def _ending(left: str, right: str) -> str | None:
    """Tell Fatime and Fatima, one name, from Fatmir and Fatmire, a man's and a woman's.

    Between short names the vowel decides: Mile is a man, Mila a woman.
    """
    shorter, longer = sorted((left, right), key=len)
    if left[-1] + right[-1] in {"ae", "ea"}:
        if loosen(left[:-1] + "a") != loosen(right[:-1] + "a"):
            return None
        return model.VOWEL if len(longer) >= ENOUGH_TO_BE_SURE else model.NEAR
    dropped = longer[-1] in "aeio" and related(longer[:-1]) == related(shorter)
    return model.DROPPED if dropped else None


def _spelling(left: str, right: str, likeness: float) -> str:
    longest = max(len(left), len(right))
    edits = OSA.distance(left, right, score_cutoff=2)
    if edits == 1 and _slip(left, right):
        return model.SLIP
    if edits == 1 and longest >= ENOUGH_FOR_A_LETTER and _same_ends(left, right):
        return model.LETTER  # between shorter names it is another: Sabri, Sadri
    if longest >= ENOUGH_FOR_EDITS.get(edits, longest + 1):
        return model.NEAR
    if _with_r_for_vowel(left, right):
        return model.NEAR
    voiced = left.replace("x", "c") == right.replace("x", "c")  # Turkish Canan
    return model.NEAR if voiced or likeness >= NEARLY else model.DIFFERS


def _with_r_for_vowel(left: str, right: str) -> bool:
    """Whether a lost vowel has left an r that folding took for a syllable: Drgan."""
    if min(len(left), len(right)) < ENOUGH_TO_BE_SURE:
        return False
    return OSA.distance(left.replace("er", "r"), right.replace("er", "r")) == 1


def _same_ends(left: str, right: str) -> bool:
    return left[0] == right[0] and left[-1] == right[-1]


def _slip(left: str, right: str) -> bool:
    """Tell a slip of the hand from another name, for two names one edit apart.

    What cannot be said, letters transposed inside and a vowel lost between consonants
    leave no other name; other edits do too often: Hamdi, Hamid; Marina, Marija.
    """
    if sayable(left) != sayable(right):
        garbled, name = (left, right) if sayable(right) else (right, left)
        # A short one may have lost a vowel, but not won a letter: Dnin may be Denin.
        return len(garbled) < len(name) or len(garbled) >= ENOUGH_TO_BE_SURE
    if not _same_ends(left, right):
        return False
    shorter, longer = sorted((left, right), key=len)
    if len(longer) == len(shorter):
        return sorted(left) == sorted(right)
    if len(longer) < ENOUGH_FOR_A_LOSS:
        return False
    at = next(n for n, sign in enumerate(longer) if sign != shorter[n : n + 1])
    return longer[at] in VOWELS and VOWELS.isdisjoint(longer[at - 1] + longer[at + 1])
