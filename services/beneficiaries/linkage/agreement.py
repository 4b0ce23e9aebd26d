"""On which levels two registrations agree, comparison by comparison."""

from rapidfuzz.distance import OSA, Indel

from services.beneficiaries.linkage import model, names, naming
from services.beneficiaries.linkage.frequencies import AVERAGE, Frequencies
from services.beneficiaries.linkage.traits import Traits

MOSTLY, PARTLY = 0.75 - 1e-9, 0.6 - 1e-9
ESTIMATE_ERRS = 2  # years
LONG_NUMBER = 7  # signs; a shorter number is too easily somebody else's
Tokens = tuple[str, ...]
Paper = tuple[str, str, str]
Day = tuple[int, int, int]  # year, month, day
_NEW_YEAR = (1, 1)
_PAPER_RANK = {
    level.label: rank for rank, level in enumerate(model.COMPARISONS["document"])
}


def labels(
    left: Traits, right: Traits, frequencies: Frequencies = AVERAGE
) -> dict[str, str]:
    """Name the level of every comparison for which both have something."""
    return naming.labels(left, right, frequencies) | besides_names(left, right)


def besides_names(left: Traits, right: Traits) -> dict[str, str]:
    """Name the levels of all but their own names, which cost most to compare."""
    found: dict[str, str] = {}
    if left.father and right.father:
        found["father"] = father(left.father, right.father)
    if left.year and right.year:
        found["birth"] = birth(left, right)
    if left.sex and right.sex:
        found["sex"] = model.SAME if left.sex == right.sex else model.DIFFERS
    if left.place and right.place:
        found["place"] = model.SAME if left.place == right.place else model.DIFFERS
    if left.address and right.address:
        found["address"] = address(left.address, right.address)
    if left.phones and right.phones:
        found["phone"] = phone(left.phones, right.phones)
    if left.documents and right.documents and (level := document(left, right)):
        found["document"] = level
    return found


def father(left: Tokens, right: Tokens) -> str:
    level = names.agree(left, right)
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
    if len(differing) == 2 and _transposed(one, other):  # noqa: PLR2004 -- of three parts
        return model.SLIP
    return model.YEAR_ONLY if one[0] == other[0] else model.DIFFERS


def _slip_of_digits(one: int, other: int) -> bool:
    """Tell the next number, or one digit mistaken, or two transposed."""
    near = abs(one - other) == 1
    return near or OSA.distance(f"{one:02}", f"{other:02}", score_cutoff=1) == 1


def _transposed(one: Day, other: Day) -> bool:
    """Tell a digit of one part transposed with its neighbour in another.

    Dates are written year first, or day first.
    """
    return any(
        OSA.distance(order.format(*one), order.format(*other), score_cutoff=1) == 1
        for order in ("{0}{1:02}{2:02}", "{2:02}{1:02}{0}")
    )


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


def phone(left: Tokens, right: Tokens) -> str:
    if left == right or not set(left).isdisjoint(right):
        return model.SAME
    return model.DIFFERS


# Of a child: a number that may be another's of the house.
_ANOTHERS = {model.SAME: model.PARENTS, model.SLIP: model.FOLLOWS}


def document(left: Traits, right: Traits) -> str | None:
    """None when the documents say nothing: two passports may be one person's."""
    best: str | None = None
    for paper in left.documents:
        for other in right.documents:
            found = _papers(paper, other)
            if found in _ANOTHERS and not _of_age(left, right):
                found = _ANOTHERS[found]
            if found and (best is None or _PAPER_RANK[found] < _PAPER_RANK[best]):
                best = found
    return best


def _of_age(left: Traits, right: Traits) -> bool:
    """Whether both carry their own papers; a child may stand under a parent's."""
    known = left.year or right.year
    return bool(known) and not left.minor and not right.minor


def _papers(left: Paper, right: Paper) -> str | None:
    kind, country, number = left
    other_kind, other_country, other_number = right
    if country and other_country and country != other_country:
        return None
    if number == other_number:
        if kind != other_kind:
            return model.OTHER_KIND
        return model.SAME if len(number) >= LONG_NUMBER else model.SHORT_NUMBER
    if kind != other_kind:
        return None
    edits = OSA.distance(number, other_number, score_cutoff=2)
    if edits > 2:  # noqa: PLR2004 -- one or two slips
        return model.DIFFERS if kind == "personal_number" else None
    return model.NEAR if edits > 1 else _one_slip(number, other_number)


def _one_slip(number: str, other: str) -> str:
    """Numbers given out one after the other differ at their end, a slip anywhere."""
    return model.FOLLOWS if number[:-2] == other[:-2] else model.SLIP
