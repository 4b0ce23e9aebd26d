"""How the names of two registrations agree: given, family, and in which order."""

from services.beneficiaries.linkage import model, names
from services.beneficiaries.linkage.frequencies import Frequencies
from services.beneficiaries.linkage.traits import Traits
from services.kit.orthography import loosen

Tokens = tuple[str, ...]


def labels(left: Traits, right: Traits, frequencies: Frequencies) -> dict[str, str]:
    """Name the levels of the given and the family name, and of their order if told."""
    found = _levels(left, right)
    if found.get("given") in _MISTAKABLE:
        if _mistyped(left, right, found, frequencies):
            found["given"] = model.SLIP
    elif found.get("given") in _DOUBTFUL and "order" not in found:
        if frequencies.both_in_use(left.given, right.given):
            found["given"] = model.NEAR
    elif _another_family(found) and _in_order(left, right, frequencies):
        found["order"] = model.STRAIGHT
    return found


_MISTAKABLE = frozenset({model.LETTER, model.NEAR})
# Nadija may be Naida mistyped, and Mara short for Marija, or each a name of its own.
_DOUBTFUL = frozenset({model.SLIP, model.SHORT})


def _mistyped(
    left: Traits, right: Traits, found: dict[str, str], frequencies: Frequencies
) -> bool:
    """Whether a given name that looks like another is but mistyped."""
    if "order" not in found:
        return frequencies.mistyped(left.given, right.given)
    return any(
        frequencies.mistyped(one, other) and names.agree(one, other) in _MISTAKABLE
        for one, other in ((left.given, right.family), (left.family, right.given))
    )


def _another_family(found: dict[str, str]) -> bool:
    return found.get("family") in model.ANOTHER_FAMILY_NAME and "order" not in found


def _in_order(left: Traits, right: Traits, frequencies: Frequencies) -> bool:
    return all(frequencies.given_first(one.given) for one in (left, right))


def _levels(left: Traits, right: Traits) -> dict[str, str]:
    given_level = given(left, right) if left.given and right.given else ""
    family_level = family(left, right)
    found = {}
    # Former names may agree while the present ones stand in the given name's place.
    former = left.former or right.former
    if given_level in _UNCLEAR and (former or family_level in _UNCLEAR):
        crossed = _crossed(left, right)
        straight = _weight(given_level, family_level)
        if crossed and _weight(*crossed) + _SWAPPING > straight:
            given_level, family_level = crossed
            found["order"] = model.SWAPPED
    if given_level:
        found["given"] = given_level
    if family_level:
        found["family"] = family_level
    return found


_UNCLEAR = frozenset(
    {"", model.LETTER, model.NEAR, model.DROPPED, model.DIFFERS, model.PART}
)
_SWAPPING = model.WEIGHTS["order"][model.SWAPPED]


def _weight(given_level: str, family_level: str) -> float:
    weights = model.WEIGHTS
    return weights["given"].get(given_level, 0.0) + weights["family"].get(
        family_level, 0.0
    )


def _crossed(left: Traits, right: Traits) -> tuple[str, str] | None:
    """Compare each given name with the other's family name.

    The worse level counts as the given name's: brothers written in two orders share
    their family name only.
    """
    if not (left.given and left.family and right.given and right.family):
        return None
    one = names.agree(left.given, right.family)
    other = names.agree(left.family, right.given)
    return (other, one) if names.better(one, other) == one else (one, other)


def given(left: Traits, right: Traits) -> str:
    """A father's name behind the given name is no second given name.

    Of several given names the first counts: Agim Hasan may be the son of Hasan. A final
    vowel makes a woman's name of a man's, so between two women it tells nothing.
    """
    one, other = left.given, right.given
    if len(one) > 1 or len(other) > 1:
        one, other = _without(right.father, one), _without(left.father, other)
    level = names.agree(one, other)
    women = left.sex == right.sex == "f"
    if women and level in _ENDINGS and names.same_woman(one, other):
        return model.VOWEL
    if level in model.ANOTHER_GIVEN_NAME or len(one) == len(other) == 1:
        return level
    first = names.agree(one[:1], other[:1])
    return model.NEAR if first in model.ANOTHER_GIVEN_NAME else level


_ENDINGS = frozenset({model.NEAR, model.DROPPED})


def _without(father: Tokens, given_names: Tokens) -> Tokens:
    if len(given_names) == 1 or not father:
        return given_names
    fathers = {loosen(name) for name in father}
    return (
        *given_names[:1],
        *(name for name in given_names[1:] if loosen(name) not in fathers),
    )


def family(left: Traits, right: Traits) -> str:
    """Compare every family name, present and former, and keep the best level."""
    if left.family and left.family == right.family:
        return model.SAME
    level = ""
    for one in filter(None, (left.family, left.former)):
        for other in filter(None, (right.family, right.former)):
            found = names.agree(one, other)
            level = names.better(level, found) if level else found
    return level
