"""Traits: the folded, comparable form of particulars, and its bytes for sealing."""

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from services.beneficiaries.particulars import (
    BirthDate,
    Document,
    Names,
    Particulars,
    Precision,
    Sex,
)
from services.kit.orthography import fold

OWN_PAPERS_AT = 16  # years; a child may be filed under a parent's number
SCHEME = 3  # goes up with folding and the match keys: test_scheme.py sees to that

# Words that say "street" or "number" in one language and are missing in another.
ADDRESS_WORDS = frozenset(
    fold(
        "rruga rr rrugës ulica ul street str sokak nr br broj numri no bb pn fshati fsh"
        " selo naselje lagjja mahalla mahala bulevar bulevardi hyrja ulaz"
    )
)
# What forms hold when nobody knew the name.
NOBODY = frozenset(
    {("n", "n"), *map(fold, ("NN", "unknown", "i panjohur"))}
) | frozenset(
    map(fold, ("e panjohur", "panjohur", "nepoznat", "nepoznata", "nepoznato"))
)
_OF_WORDS = ("given", "family", "father", "former", "address", "phones")
_SEXES = {Sex.FEMALE: "f", Sex.MALE: "m"}
_NOT_IN_A_NUMBER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Traits:
    """What linkage compares; no community, no household number, nothing free.

    Year, month and day are 0 where unknown. A document is (kind, country, number).
    The household number is left out: each agency counts its own.
    """

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    father: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    sex: str = ""
    year: int = 0
    month: int = 0
    day: int = 0
    estimated: bool = False
    place: str = ""
    address: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    documents: tuple[tuple[str, str, str], ...] = ()
    never_match: bool = False
    scheme: int = SCHEME
    minor: bool = False

    def to_bytes(self) -> bytes:
        return _ENCODER.encode(_FIELDS(self)).encode("ascii")

    @classmethod
    def from_bytes(cls, sealed: bytes) -> "Traits":
        """Read what `to_bytes` wrote, of this scheme or an earlier one."""
        values, _end = _DECODER.raw_decode(sealed.decode("ascii"))
        for at in _TUPLES:
            values[at] = tuple(values[at])
        values[_DOCUMENTS] = tuple([tuple(paper) for paper in values[_DOCUMENTS]])
        return cls(*values)


_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
_NAMES = [field.name for field in fields(Traits)]
_FIELDS = attrgetter(*_NAMES)
_DOCUMENTS = _NAMES.index("documents")
_TUPLES = [_NAMES.index(name) for name in _OF_WORDS]


def traits_of(particulars: Particulars, on: date | None = None) -> Traits:
    """Fold what an agency recorded; lists are sorted: their order means nothing.

    `on` is the day of recording, by which a child is told; without it nobody is one.
    """
    born = particulars.birth.parts[:1]
    return _traits(
        particulars.names,
        particulars.birth,
        particulars.documents,
        sex=_SEXES.get(particulars.sex, ""),
        place=particulars.place or "",
        address=_address(particulars.address or ""),
        phones=tuple(sorted(set(particulars.phones))),
        never_match=particulars.never_match,
        minor=bool(on and born and on.year - born[0] < OWN_PAPERS_AT),
    )


def asked_traits(
    names: Names | None, birth: BirthDate, documents: tuple[Document, ...]
) -> Traits:
    """Fold the few fields by which somebody is looked for."""
    return _traits(names, birth, documents)


def _traits(
    names: Names | None,
    birth: BirthDate,
    documents: tuple[Document, ...],
    **others: Any,  # noqa: ANN401 -- the other fields of Traits, each of its own type
) -> Traits:
    year, month, day = _date(birth)
    return Traits(
        given=_name(names.given if names else None),
        family=_name(names.family if names else None),
        father=_name(names.father if names else None),
        former=_name(names.former_family if names else None),
        year=year,
        month=month,
        day=day,
        estimated=birth.precision is Precision.ESTIMATED,
        documents=tuple(sorted({_document(paper) for paper in documents})),
        **others,
    )


def _name(written: str | None) -> tuple[str, ...]:
    folded = fold(written) if written else ()
    return () if folded in NOBODY else folded


def _date(birth: BirthDate) -> tuple[int, int, int]:
    year, month, day = (*birth.parts, 0, 0)[:3]
    return year, month, day


def _address(address: str) -> tuple[str, ...]:
    return tuple(sorted(set(fold(address)) - ADDRESS_WORDS))


def _document(document: Document) -> tuple[str, str, str]:
    number = _NOT_IN_A_NUMBER.sub("", document.number).upper()
    return str(document.kind), document.country or "", number
