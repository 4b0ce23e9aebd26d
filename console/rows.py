"""A CSV file of registrations: checked whole before any of it is sent."""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from console.births import birth
from console.client import Failure

NAMES: Final = ("given", "family", "father", "former_family")
DOCUMENT: Final = ("document_kind", "document_number", "document_country")
PLAIN: Final = ("source_id", "sex", "place", "address", "household", "never_match")
COLUMNS: Final = (*PLAIN, *NAMES, "birth", "phones", *DOCUMENT, "communities")
REPORT: Final = ("line", "reasons")  # of a file of refused rows, to be sent again
SEPARATORS: Final = (",", ";", "\t")
SILENT: Final = "prefers_not_to_say"


@dataclass(frozen=True)
class Row:
    """A row by its columns; `line` is where it begins in the file."""

    line: int
    cells: dict[str, str]
    ragged: bool = False

    def content(self) -> dict[str, Any]:
        """Give the row in the form in which the registry takes a registration."""
        said = {
            name: text for name, cell in self.cells.items() if (text := cell.strip())
        }
        content: dict[str, Any] = {name: said[name] for name in PLAIN if name in said}
        content["names"] = {name: said[name] for name in NAMES if name in said}
        if "birth" in said:
            content["birth"] = birth(said["birth"])
        if "phones" in said:
            content["phones"] = several(said["phones"])
        document = {
            name.removeprefix("document_"): said[name]
            for name in DOCUMENT
            if name in said
        }
        if document:
            content["documents"] = [document]
        if "communities" in said:
            content["communities"] = communities(said["communities"])
        return content


@dataclass(frozen=True)
class Sheet:
    """A file that has been read: its columns, its separator, its rows."""

    columns: tuple[str, ...]
    separator: str
    rows: tuple[Row, ...]


def several(cell: str) -> list[str]:
    return [text for part in cell.split(";") if (text := part.strip())]


def communities(cell: str) -> dict[str, Any]:
    return {SILENT: True} if cell == SILENT else {"declared": several(cell)}


def read(file: Path) -> Sheet:
    """Read a file, or say in one sentence why it is none of ours."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return _sheet(file, opened)
    except FileNotFoundError:
        sentence = f"There is no file {file}."
    except OSError as cause:
        sentence = f"{file} cannot be read ({cause.strerror})."
    except UnicodeDecodeError:
        sentence = f"{file} is not text in UTF-8; save it as “CSV UTF-8”."
    except csv.Error:
        sentence = f"{file} is not a well-formed CSV file: a quote or a sign is wrong."
    raise Failure(sentence)


def _sheet(file: Path, opened: Iterable[str]) -> Sheet:
    lines = iter(opened)
    header = next(lines, "")
    separator = max(SEPARATORS, key=header.count)
    columns = tuple(
        name.strip() for name in next(csv.reader([header], delimiter=separator), ())
    )
    check(file, columns)
    rows, reader = [], csv.reader(lines, delimiter=separator, strict=True)
    begins = 2
    for cells in reader:
        if any(cells):
            paired = dict(zip(columns, cells, strict=False))
            rows.append(Row(begins, paired, ragged=len(cells) != len(columns)))
        begins = reader.line_num + 2
    return Sheet(columns, separator, tuple(rows))


def check(file: Path, columns: tuple[str, ...]) -> None:
    """Refuse a header that is not ours before anything is sent."""
    wrong = [name for name in columns if name not in {*COLUMNS, *REPORT}]
    if wrong:
        known = ", ".join(COLUMNS)
        unknown = ", ".join(f"“{name}”" for name in wrong)
        sentence = f"{file} has columns we do not know ({unknown}); ours are {known}."
        raise Failure(sentence)
    if len(set(columns)) < len(columns):
        sentence = f"{file} has a column twice."
        raise Failure(sentence)
    if "source_id" not in columns or not {"given", "family"} & {*columns}:
        sentence = f"{file} lacks a column: source_id, and given or family, are needed."
        raise Failure(sentence)


def write_refused(
    file: Path, sheet: Sheet, refused: Iterable[tuple[Row, tuple[str, ...]]]
) -> None:
    """Write refused rows with their reasons, to be read by the file's owner alone."""
    columns = [name for name in sheet.columns if name not in REPORT]
    try:
        file.unlink(missing_ok=True)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8-sig", newline="") as opened:
            writer = csv.writer(opened, delimiter=sheet.separator)
            writer.writerow((*REPORT, *columns))
            for row, reasons in refused:
                cells = (row.cells.get(name, "") for name in columns)
                writer.writerow((row.line, " | ".join(reasons), *cells))
    except OSError as cause:
        sentence = f"{file} cannot be written ({cause.strerror})."
        raise Failure(sentence) from None
