"""A row of cells, read into the form in which the registry takes a registration."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from services.beneficiaries.imports.headers import resolve
from services.beneficiaries.imports.rules import Reasons, Unreadable
from services.beneficiaries.imports.words import meanings, plain
from services.beneficiaries.particulars import BirthDate, DocumentKind
from services.beneficiaries.places import place_named

RAGGED: Final = ("The row has more or fewer cells than the header.",)
NO_OBJECT: Final = ("/row: Not a JSON object.",)
STRANGE: Final = ("/row: A member is not known as a column.",)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute these
NAMES: Final = ("given", "family", "father", "former_family")
TEXTS: Final = ("source_id", "address", "household")
KINDS: Final = tuple(kind for kind in DocumentKind if kind is not DocumentKind.OTHER)
SILENT: Final = "prefers_not_to_say"
# Whether its day or its month comes first, nobody can tell from such a date.
EITHER: Final = re.compile(r"(0?\d|1[0-2])/ ?(0?\d|1[0-2])/ ?\d{4}")
# What has no type for a day writes the moment at which it begins.
MIDNIGHT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)
BETWEEN: Final = re.compile(r"[;,|]")

Members = Callable[[tuple[str, ...]], tuple[str, ...]]

SEXES: Final = meanings("sexes")
YES: Final = meanings("answers")
COMMUNITIES: Final = meanings("communities")
DOCUMENTS: Final = meanings("documents")


def members_of(mapping: Mapping[str, str]) -> Members:
    """Give what tells the fields of members; most rows of a file have the same ones."""

    @lru_cache(256)
    def fields(members: tuple[str, ...]) -> tuple[str, ...]:
        found = resolve(members, mapping)
        if "row" in found:  # a row within a row would never end
            raise Unreadable(STRANGE[0])
        return found

    return fields


UNMAPPED: Final = members_of({})


def content_of(
    fields: Sequence[str], cells: Sequence[str], members: Members = UNMAPPED
) -> dict[str, Any] | Reasons:
    """Give a row in the form in which the registry takes a registration."""
    if len(cells) != len(fields):
        return RAGGED
    said: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=True):
        if text := unguarded(cell.strip()):
            said[field] = f"{said[field]};{text}" if field in said else text
    return from_json(said["row"], members) if "row" in said else from_words(said)


def from_json(text: str, members: Members) -> dict[str, Any] | Reasons:
    """Read a registration as the API takes it, or an object of one text a column."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return NO_OBJECT
    if not isinstance(row, dict):
        return NO_OBJECT
    if isinstance(row.get("names"), dict):
        return row
    try:
        fields = members(tuple(row))
    except Unreadable:
        return row if "names" in row else STRANGE
    return content_of(fields, [text_of(value) for value in row.values()])


def from_words(said: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {name: said[name] for name in TEXTS if name in said}
    content["names"] = {name: said[name] for name in NAMES if name in said}
    if "sex" in said:
        content["sex"] = understood(said["sex"], SEXES)
    if "never_match" in said:
        content["never_match"] = understood(said["never_match"], YES)
    if "birth" in said:
        content["birth"] = birth(said["birth"]).model_dump()
    if "place" in said:
        place = place_named(said["place"])
        content["place"] = place.code if place else said["place"]
    if "phones" in said:
        content["phones"] = several(said["phones"])
    if documents := papers(said):
        content["documents"] = documents
    if "communities" in said:
        content["communities"] = communities(said["communities"])
    return content


def birth(text: str) -> BirthDate:
    """Read a birth date; one that could mean two days keeps its own words."""
    found = EITHER.fullmatch(text)
    if found and int(found[1]) != int(found[2]):
        return BirthDate(as_written=text)
    midnight = MIDNIGHT.fullmatch(text)
    return BirthDate.written(midnight[1] if midnight else text)


def papers(said: Mapping[str, str]) -> list[dict[str, str]]:
    """List the documents: one of any kind, and those that have a column each."""
    own = [{"kind": str(kind), "number": said[kind]} for kind in KINDS if kind in said]
    told = {"kind": "document_kind", "number": "document_number"}
    one = {part: said[field] for part, field in told.items() if field in said}
    if one:
        kind = understood(one.get("kind", DocumentKind.OTHER), DOCUMENTS)
        own.append(one | {"kind": kind})
    country = said.get("document_country")
    return [paper | {"country": country} for paper in own] if country else own


def communities(cell: str) -> dict[str, Any]:
    if plain(cell) == plain(SILENT):
        return {SILENT: True}
    return {"declared": [understood(one, COMMUNITIES) for one in several(cell)]}


def several(cell: str) -> list[str]:
    return [text for part in BETWEEN.split(cell) if (text := part.strip())]


def understood(text: str, words: Mapping[str, str]) -> str:
    """Give what a word means; what is not understood is left for the form to refuse."""
    return words.get(plain(text), text)


def text_of(value: object) -> str:
    """Write a value as a cell has it: of typed files and of JSON alike."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, list | tuple):
        return ";".join(map(text_of, value))
    if isinstance(value, dict):
        return json.dumps(value, default=text_of)
    return _other(value)


def _number(value: float | Decimal) -> str:
    """Write a whole number without its point, and what is no number not at all."""
    if math.isnan(value):
        return ""
    whole = math.isfinite(value) and value == int(value)
    return str(int(value) if whole else value)


def _other(value: object) -> str:
    """Write a date without the time that sheets and data frames give to every date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.decode() if isinstance(value, bytes) else str(value)


def guarded(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """Undo what was done to the cells of refused rows, which come back corrected."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
