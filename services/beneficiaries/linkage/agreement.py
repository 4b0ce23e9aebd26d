"""On which level two traits agree, comparison by comparison."""

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.orthography import loosen
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.linkage.usage import same_by_usage

ENOUGH_TO_BE_SURE, ENOUGH_FOR_A_LOSS = 5, 7  # letters
ENOUGH_FOR_EDITS = {1: 4, 2: 7}  # letters in the longer name
NEARLY, UNLIKE = 0.9 - 1e-9, 0.55
MOSTLY, PARTLY = 0.75 - 1e-9, 0.6 - 1e-9
ESTIMATE_ERRS = 2  # years
VOWELS = frozenset("aeiou")
Tokens = tuple[str, ...]
_NEW_YEAR = (1, 1)

_NAME_LEVELS = (
    model.SAME,
    model.PART,
    model.ALIKE,
    model.VOWEL,
    model.SHORT,
    model.SLIP,
    model.NEAR,
    model.DROPPED,
    model.DIFFERS,
)
_RANK = {label: rank for rank, label in enumerate(_NAME_LEVELS)}


def names(left: Tokens, right: Tokens) -> str:
    """Compare two given names or two family names, each of one or more words."""
    if left == right or "".join(left) == "".join(right) or set(left) == set(right):
        return model.SAME
    best = min((_words(a, b) for a in left for b in right), key=_RANK.__getitem__)
    several = len(left) > 1 or len(right) > 1
    return model.PART if several and best == model.SAME else best


def given(left: Traits, right: Traits) -> str:
    """A father's name behind the given name is no second given name.

    Of several given names the first counts: Agim Hasan may be the son of Hasan.
    """
    one, other = _without(right.father, left.given), _without(left.father, right.given)
    level = names(one, other)
    if level != model.PART or one[0] == other[0]:
        return level
    return model.NEAR


def _without(father: Tokens, given_names: Tokens) -> Tokens:
    if len(given_names) == 1 or not father:
        return given_names
    fathers = {loosen(name) for name in father}
    return (
        *given_names[:1],
        *(name for name in given_names[1:] if loosen(name) not in fathers),
    )


def better(one: str, other: str) -> str:
    return one if _RANK[one] <= _RANK[other] else other


def _words(left: str, right: str) -> str:
    if left == right:
        return model.SAME
    likeness = JaroWinkler.similarity(left, right)
    if likeness < UNLIKE:  # most pairs end here, before anything costly
        return model.SHORT if same_by_usage(left, right) else model.DIFFERS
    if loosen(left) == loosen(right):
        sure = min(len(left), len(right)) >= ENOUGH_TO_BE_SURE
        return model.ALIKE if sure else model.NEAR  # Naim, Naum; Luka, Lika
    if same_by_usage(left, right):
        return model.SHORT
    return _ending(left, right) or _spelling(left, right, likeness)


def _ending(left: str, right: str) -> str | None:
    """Tell Fatime and Fatima, one name, from Fatmir and Fatmire, a man's and a woman's.

    Between short names the vowel decides: Mile is a man, Mila a woman.
    """
    shorter, longer = sorted((left, right), key=len)
    long_enough = len(longer) >= ENOUGH_TO_BE_SURE
    if long_enough and left[-1] + right[-1] in {"ae", "ea"}:
        alike = loosen(left[:-1] + "a") == loosen(right[:-1] + "a")
        return model.VOWEL if alike else None
    dropped = longer[:-1] == shorter and longer[-1] in "aeio"
    return model.DROPPED if dropped else None


def _spelling(left: str, right: str, likeness: float) -> str:
    longest = max(len(left), len(right))
    edits = OSA.distance(left, right, score_cutoff=2)
    if edits == 1 and _slip(left, right):
        return model.SLIP
    if longest >= ENOUGH_FOR_EDITS.get(edits, longest + 1):
        return model.NEAR
    voiced = left.replace("x", "c") == right.replace("x", "c")  # Turkish Canan
    return model.NEAR if voiced or likeness >= NEARLY else model.DIFFERS


def _slip(left: str, right: str) -> bool:
    """Tell a slip of the hand from another name, for two names one edit apart.

    Letters transposed inside and a vowel lost between consonants leave no other name;
    other edits do too often: Hamdi, Hamid; Marina, Marija; Amira, Amra; Arben, Arber.
    """
    if left[0] != right[0] or left[-1] != right[-1]:
        return False
    shorter, longer = sorted((left, right), key=len)
    if len(longer) == len(shorter):
        return sorted(left) == sorted(right)
    if len(longer) < ENOUGH_FOR_A_LOSS:
        return False
    at = next(n for n, sign in enumerate(longer) if sign != shorter[n : n + 1])
    return longer[at] in VOWELS and VOWELS.isdisjoint(longer[at - 1] + longer[at + 1])


def father(left: Tokens, right: Tokens) -> str:
    level = names(left, right)
    if level in {model.SAME, model.PART}:
        return model.SAME
    return model.DIFFERS if level in {model.DROPPED, model.DIFFERS} else model.NEAR


def birth(left: Traits, right: Traits) -> str:
    if left.estimated or right.estimated:
        return _estimated(abs(left.year - right.year))
    if left.day and right.day:
        return _days(left, right)
    return _coarse(left, right)


def _estimated(years: int) -> str:
    if years == 0:
        return model.YEAR
    return model.ABOUT if years <= ESTIMATE_ERRS else model.DIFFERS


def _days(left: Traits, right: Traits) -> str:
    one = (left.year, left.month, left.day)
    other = (right.year, right.month, right.day)
    new_years = (one[1:] == _NEW_YEAR) + (other[1:] == _NEW_YEAR)
    if one == other:
        return model.MONTH if new_years else model.SAME
    if one[0] == other[0]:
        if new_years:
            return model.YEAR  # forms put the first of January for "only the year"
        if one[1:] == other[:0:-1]:
            return model.SWAPPED
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) == 1:
        return model.SLIP if _slip_of_digits(*differing[0]) else model.ONE_PART
    return model.YEAR_ONLY if one[0] == other[0] else model.DIFFERS


def _slip_of_digits(one: int, other: int) -> bool:
    """Tell the next number, or one digit mistaken, or two transposed."""
    near = abs(one - other) == 1
    return near or OSA.distance(f"{one:02}", f"{other:02}", score_cutoff=1) == 1


def _coarse(left: Traits, right: Traits) -> str:
    years = abs(left.year - right.year)
    if years:
        return model.NEXT_YEAR if years == 1 else model.DIFFERS
    if left.month and right.month:
        return model.MONTH if left.month == right.month else model.YEAR_ONLY
    return model.YEAR


def address(left: Tokens, right: Tokens) -> str:
    """Streets have a name in each language; the house number has not."""
    if left == right:
        return model.SAME
    likeness = Indel.normalized_similarity(" ".join(left), " ".join(right))
    numbers = sum(word in right for word in left if word.isdigit())
    if numbers:
        enough = PARTLY if numbers > 1 else MOSTLY
        return model.MOST if likeness >= enough else model.NUMBER
    return model.SOME if likeness >= PARTLY else model.DIFFERS


def document(left: Traits, right: Traits) -> str | None:
    """None when the documents say nothing: two passports may be one person's."""
    differs, edits = False, 3
    for kind, country, number in left.documents:
        for other_kind, other_country, other_number in right.documents:
            if country and other_country and country != other_country:
                continue
            if number == other_number:
                return model.SAME
            if kind == other_kind:
                edits = min(edits, OSA.distance(number, other_number, score_cutoff=2))
                differs = differs or kind == "personal_number"
    if edits <= 2:  # noqa: PLR2004 -- one or two slips
        return model.SLIP if edits == 1 else model.NEAR
    return model.DIFFERS if differs else None
