"""What the columns of a file are: by an agency's own mapping, and by the table."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.beneficiaries.imports.rules import Unreadable
from services.beneficiaries.imports.words import meanings, plain

SEVERAL: Final = frozenset({"phones", "ignore"})  # what several columns may hold
# What we call the one column of JSON Lines, alone and among its refused rows: a mapping
# that has such a name means a member of the rows.
WHOLE: Final = frozenset({"row", "line", "reasons"})

KNOWN: Final = meanings("headers")
FIELDS: Final = frozenset(KNOWN.values())


def resolve(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Give the field of each column; an agency's mapping comes before the table."""
    if "row" in headers and WHOLE.issuperset(headers):
        mapping = {}
    own = {plain(header): field for header, field in mapping.items()}
    known = [own.get(name) or KNOWN.get(name) for name in map(plain, headers)]
    if strange := [at for at, field in enumerate(known) if field is None]:
        sentence = f"Not known what these mean: {_positions(strange)}. Map them."
        raise Unreadable(sentence, *(headers[at] for at in strange))
    fields = tuple(field or "" for field in known)
    _refuse_twice(headers, fields)
    if "row" not in fields:
        _refuse_lacking(fields)
    return fields


def _refuse_twice(headers: Sequence[str], fields: Sequence[str]) -> None:
    once = [field for field in fields if field not in SEVERAL]
    if twice := [at for at, field in enumerate(fields) if once.count(field) > 1]:
        sentence = f"These columns mean the same: {_positions(twice)}."
        raise Unreadable(sentence, *(headers[at] for at in twice))


def _refuse_lacking(fields: Sequence[str]) -> None:
    if "source_id" not in fields or not {"given", "family"} & {*fields}:
        sentence = "A column is missing: source_id, and given or family, are needed."
        raise Unreadable(sentence)


def _positions(columns: Sequence[int]) -> str:
    return ", ".join(f"column {at + 1}" for at in columns)
