"""Sealed values: encrypted at rest, bound to their place, blind to print and dump.

Three levels of keys: the master key opens the agencies' keys (once, in memory), an
agency's key opens the data key of each of its records, the data key opens the record.
Whoever destroys a data key has erased the record, here and in every backup.
"""

import os
from dataclasses import dataclass, field
from typing import Final, NoReturn, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    is_instance_schema,
    plain_serializer_function_ser_schema,
)

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SMALLEST: Final = 128


class CannotOpen(Exception):  # noqa: N818 -- tampered, moved, or of another key: never data
    """A sealed value does not open here: it was changed, moved or sealed elsewhere."""


class CannotLeave(TypeError):  # noqa: N818 -- read as a sentence by whoever tried
    """A sealed value was about to be printed, serialised or copied out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies; it opens nowhere else."""

    table: str
    column: str
    row: UUID

    def bound(self) -> bytes:
        return f"{self.table}.{self.column}/{self.row}".encode()


class Sealed:
    """Bytes that only their data key opens. They show nothing, not even a length."""

    __slots__ = ("_sealed",)

    def __init__(self, sealed: bytes) -> None:
        self._sealed = sealed

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __reduce__(self) -> NoReturn:
        raise CannotLeave(CannotLeave.__doc__)

    def at_rest(self) -> bytes:
        """Give the bytes as the database keeps them."""
        return self._sealed

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """Let a table hold it; whoever serialises the table is refused."""
        refusal = plain_serializer_function_ser_schema(_refuse)
        return is_instance_schema(cls, serialization=refusal)

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> NoReturn:
        """Fail where a view with a sealed field is documented, so in every test."""
        raise CannotLeave(CannotLeave.__doc__)


def _refuse(_: Sealed) -> NoReturn:
    raise CannotLeave(CannotLeave.__doc__)


class Personal(Sealed):
    """Names, birth date, phones, documents, place: for the owner and for linkage."""

    __slots__ = ()


class Protected(Sealed):
    """Communities and the other special categories: opened by a disclosure alone."""

    __slots__ = ()


def pad(plain: bytes) -> bytes:
    """Fill up to a bucket (ISO/IEC 7816-4): Cyrillic is no longer than Latin."""
    bucket = SMALLEST
    while bucket <= len(plain):
        bucket *= 2
    return plain + b"\x80" + bytes(bucket - len(plain) - 1)


def unpad(padded: bytes) -> bytes:
    return padded[: padded.rindex(b"\x80")]


@dataclass(frozen=True, slots=True)
class Key:
    """An AES-256-GCM key, which can wrap the keys below it."""

    cipher: AESGCM = field(repr=False)

    @classmethod
    def of(cls, raw: bytes) -> Self:
        return cls(AESGCM(raw))

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, plain, bound)

    def decrypt(self, sealed: bytes, bound: bytes) -> bytes:
        try:
            return self.cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound
            )
        except InvalidTag as cause:
            raise CannotOpen(CannotOpen.__doc__) from cause

    def wrap(self, raw: bytes, bound: bytes) -> bytes:
        return self.encrypt(raw, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> "DataKey":
        return DataKey.of(self.decrypt(wrapped, bound))


class DataKey(Key):
    """The key of one record."""

    def seal(self, plain: bytes, place: Place) -> bytes:
        return self.encrypt(pad(plain), place.bound())

    def open(self, sealed: Personal, place: Place) -> bytes:
        return unpad(self.decrypt(sealed.at_rest(), place.bound()))

    def disclose(self, sealed: Protected, place: Place, record: "Recorded") -> bytes:
        """Open a protected value. `record` proves that the opening is on the record."""
        if record.place != place:
            raise CannotOpen(CannotOpen.__doc__)
        return unpad(self.decrypt(sealed.at_rest(), place.bound()))


@dataclass(frozen=True, slots=True)
class Recorded:
    """Proof that an opening was recorded, made only by the code that records it."""

    place: Place


def derive(master: bytes, label: str) -> bytes:
    """Derive the key of one use from the master key (HKDF-Expand, RFC 5869)."""
    return HKDFExpand(SHA256(), KEY_BYTES, label.encode()).derive(master)


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)
