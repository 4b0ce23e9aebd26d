"""Match keys: keyed hashes of combined fields, by which candidates are found.

No key stands for one name alone, so a stolen key table does not tell which names occur
(decision 4.3). Each slip in one field leaves at least one key as it was.
"""

import hashlib
from collections.abc import Iterator

from services.beneficiaries.linkage.traits import SCHEME, Traits, asked_traits
from services.beneficiaries.particulars import BirthDate, Document, Names
from services.kit.orthography import loosen, skeleton

__all__ = ["SCHEME", "match_keys", "search_keys"]

SHORTEST_NUMBER = 5  # a shorter document number is a counter, not an identifier
SEPARATOR = "\x1f"  # in no folded field, so that no two combinations read alike
Fields = tuple[str, ...]


def match_keys(traits: Traits, secret: bytes) -> tuple[int, ...]:
    """List the keys of a registration once each; none if it is never to be matched."""
    if traits.never_match:
        return ()
    hashed = hashlib.blake2b(digest_size=8, key=secret)
    return tuple(sorted([_keyed(one, hashed) for one in set(_combinations(traits))]))


def search_keys(
    names: Names | None,
    birth: BirthDate,
    documents: tuple[Document, ...],
    secret: bytes,
) -> tuple[int, ...]:
    """List the keys that a search by names (and birth date) or by documents can hit.

    One name alone hits nothing: there is no key for it.
    """
    return match_keys(asked_traits(names, birth, documents), secret)


def _keyed(fields: Fields, hashed: hashlib.blake2b) -> int:
    hashed = hashed.copy()
    hashed.update(f"{SCHEME}{SEPARATOR}{SEPARATOR.join(fields)}".encode())
    return int.from_bytes(hashed.digest(), signed=True)


def _combinations(traits: Traits) -> Iterator[Fields]:
    yield from _by_names(traits)
    yield from _by_birth(traits)
    yield from _by_phone(traits)
    yield from _by_address(traits)
    for _kind, _country, number in traits.documents:
        if len(number) >= SHORTEST_NUMBER:
            yield "document", number


def _by_names(traits: Traits) -> Iterator[Fields]:
    """Full name in either order, as the ear and as the consonants have it."""
    for given in traits.given[:2]:
        for family in _families(traits):
            yield "name", *sorted((loosen(given), loosen(family)))
            yield "skeleton", *sorted((skeleton(given), skeleton(family)))


def _by_birth(traits: Traits) -> Iterator[Fields]:
    names = {loosen(name) for name in (*traits.given[:2], *_families(traits))}
    if traits.year:
        year = str(traits.year)
        for name in names:
            yield "name-year", name, year
        if traits.day:
            # Sorted, so that a swapped day and month is the same key.
            days = map(str, sorted((traits.month, traits.day)))
            born = ("birth", year, *days)
            for initial in {name[0] for name in names}:
                yield *born, initial
    yield from _by_place(traits)


def _by_place(traits: Traits) -> Iterator[Fields]:
    """One name whole and the other's beginning: for those without a birth date."""
    if traits.given and traits.family:
        given, family = traits.given[0], traits.family[0]
        yield "place", loosen(given), family[:2], traits.place
        yield "place", loosen(family), given[:2], traits.place


def _by_phone(traits: Traits) -> Iterator[Fields]:
    for phone in traits.phones:
        for name in (*traits.given[:1], *traits.family[:1]):
            yield "phone", phone, loosen(name)


def _by_address(traits: Traits) -> Iterator[Fields]:
    """One house: its number and the two longest words, or all the numbers."""
    numbers = [word for word in traits.address if word.isdigit()]
    if not numbers:
        return
    numbers.sort(key=_by_length)
    words = [word for word in traits.address if not word.isdigit()]
    if len(words) > 1:
        words.sort(key=_longest_first)
        yield "house", numbers[0], *sorted(words[:2])
    if len(numbers) > 1:
        yield "numbers", *numbers


def _by_length(word: str) -> tuple[int, str]:
    return len(word), word


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _families(traits: Traits) -> tuple[str, ...]:
    return (*traits.family[:2], *traits.former[:1])
