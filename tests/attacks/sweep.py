"""The search for what was planted in whatever lies on a disk, in every usual disguise.

Every planted value contains one of a few random marks. Whoever finds no mark, in no
disguise, has found no value, and a thousand values cost no more than one.
"""

import binascii
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from services.kit.orthography import fold

SHORTEST = 6  # bytes; anything shorter occurs by chance
Sighting = tuple[str, str]


def disguises(mark: str) -> set[bytes]:
    """Write a mark as it could lie there: encoded, in digits, reversed, folded."""
    written = {mark, mark.lower(), mark.upper(), "".join(fold(mark))}
    turned = written | {one[::-1] for one in written}
    return {as_ for one in turned for as_ in encodings(one) if len(as_) >= SHORTEST}


def encodings(text: str) -> Iterator[bytes]:
    plain = text.encode()
    wide = text.encode("utf-16-le"), text.encode("utf-16-be")
    yield from (plain, *wide, text.encode("unicode-escape"))
    yield from (binascii.hexlify(plain), binascii.hexlify(plain).upper())
    yield from (aligned(plain, shift) for shift in range(3))


def aligned(plain: bytes, shift: int) -> bytes:
    """Encode as base64 behind so many bytes, without what the neighbours decide."""
    encoded = b64encode(bytes(shift) + plain)
    return encoded[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]


def sightings(marks: Iterable[str], places: Mapping[str, bytes]) -> set[Sighting]:
    """Give which mark lies where, in any disguise."""
    wanted = {disguise: mark for mark in marks for disguise in disguises(mark)}
    return {
        (mark, place)
        for place, content in places.items()
        for disguise, mark in wanted.items()
        if disguise in content
    }


def everything_in(folder: Path) -> dict[str, bytes]:
    """Read every file; of those that are the same byte for byte, one is enough."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    unique: dict[bytes, Path] = {}
    for path in files:
        unique.setdefault(sha256(path.read_bytes()).digest(), path)
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in unique.values()
    }
