"""Match keys: keyed hashes of combined fields, by which candidates are found.

No key stands for one name alone, so a stolen key table does not tell which names occur
(decision 4.3). Each slip in one field leaves at least one key as it was.
"""

import hashlib
from collections.abc import Iterator

from services.beneficiaries.linkage.orthography import loosen, skeleton
from services.beneficiaries.linkage.traits import SCHEME, Traits, asked_traits
from services.beneficiaries.particulars import BirthDate, Document, Names

__all__ = ["SCHEME", "match_keys", "search_keys"]

SHORTEST_NUMBER = 5  # a shorter document number is a counter, not an identifier
SEPARATOR = "\x1f"  # in no folded field, so that no two combinations read alike
Field = str | int


def match_keys(traits: Traits, secret: bytes) -> tuple[int, ...]:
    """List the keys of a registration once each; none if it is never to be matched."""
    if traits.never_match:
        return ()
    combined = {(SCHEME, *fields) for fields in _combinations(traits)}
    return tuple(sorted(_keyed(fields, secret) for fields in combined))


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


def _keyed(fields: tuple[Field, ...], secret: bytes) -> int:
    message = SEPARATOR.join(map(str, fields)).encode()
    digest = hashlib.blake2b(message, digest_size=8, key=secret).digest()
    return int.from_bytes(digest, signed=True)


def _combinations(traits: Traits) -> Iterator[tuple[Field, ...]]:
    yield from _by_names(traits)
    yield from _by_birth(traits)
    yield from _by_phone(traits)
    yield from _by_address(traits)
    for _kind, _country, number in traits.documents:
        if len(number) >= SHORTEST_NUMBER:
            yield "document", number


def _by_names(traits: Traits) -> Iterator[tuple[Field, ...]]:
    """Full name in either order, as the ear and as the consonants have it."""
    for given in traits.given[:2]:
        for family in _families(traits):
            yield "name", *sorted((loosen(given), loosen(family)))
            yield "skeleton", *sorted((skeleton(given), skeleton(family)))


def _by_birth(traits: Traits) -> Iterator[tuple[Field, ...]]:
    names = {loosen(name) for name in (*traits.given[:2], *_families(traits))}
    if traits.year:
        yield from (("name-year", name, traits.year) for name in names)
    if traits.day:
        # Sorted, so that a swapped day and month is the same key.
        days = sorted((traits.month, traits.day))
        for name in names:
            yield "name-days", name, *days
        for initial in {name[0] for name in names}:
            yield "birth", traits.year, *days, initial
    yield from _by_place(traits)


def _by_place(traits: Traits) -> Iterator[tuple[Field, ...]]:
    """One name whole and the other's beginning: for those without a birth date."""
    for given in traits.given[:1]:
        for family in traits.family[:1]:
            ends = ((loosen(given), family[:2]), (loosen(family), given[:2]))
            yield from (("place", *end, traits.place) for end in ends)


def _by_phone(traits: Traits) -> Iterator[tuple[Field, ...]]:
    for phone in traits.phones:
        for name in (*traits.given[:1], *traits.family[:1]):
            yield "phone", phone, loosen(name)


def _by_address(traits: Traits) -> Iterator[tuple[Field, ...]]:
    """One house: its number and the two longest words, or all the numbers."""
    numbers = sorted(filter(str.isdigit, traits.address), key=lambda n: (len(n), n))
    words = sorted(set(traits.address) - set(numbers), key=lambda w: (-len(w), w))
    if numbers and len(words) > 1:
        yield "house", numbers[0], *sorted(words[:2])
    if len(numbers) > 1:
        yield "numbers", *numbers


def _families(traits: Traits) -> tuple[str, ...]:
    return (*traits.family[:2], *traits.former[:1])
