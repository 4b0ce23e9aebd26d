"""When two rows are duplicates: one document number, or one name with one birth date.

A likeness is a set of match keys. A registration is like a row if it has all of them:
then it has this document number, or these names and this day of birth. Being keys, they
name nobody, and an agency's own registrations are found by them without being opened.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.beneficiaries.linkage.traits import Traits

Keys = tuple[int, ...]
Keyed = Callable[[Traits], Keys]


class Likeness(NamedTuple):
    """Keys that must all be shared, and one number that stands for all of them."""

    number: int
    keys: Keys


def likenesses(traits: Traits, keyed: Keyed) -> Iterator[Likeness]:
    """List what a row may share with its duplicate; nothing if it is never matched."""
    if traits.never_match:
        return
    for key in keyed(Traits(documents=traits.documents)):
        yield Likeness(key, (key,))
    year, month, day = traits.year, traits.month, traits.day
    if not (traits.given and traits.family and day):
        return
    given = keyed(Traits(given=traits.given, year=year, month=month, day=day))
    family = keyed(Traits(family=traits.family, year=year, month=month, day=day))
    keys = tuple(sorted({*given, *family}))
    yield Likeness(_one_of(keys), keys)


def _one_of(keys: Keys) -> int:
    """Shorten several keys to one; they are keyed, so what they stand for is too."""
    whole = b"".join(key.to_bytes(8, signed=True) for key in keys)
    digest = hashlib.blake2b(whole, digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
