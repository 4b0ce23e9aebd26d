"""A labelled file: registrations, and beside each who it truly is."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from console.client import Failure
from console.rows import COLUMNS, SEPARATORS, Row

LABELS: Final = ("person", "agency")


def read(file: Path) -> list[dict[str, Any]]:
    """Read CSV or, by its name, JSON Lines; or say in one sentence why it is none."""
    lines = file.suffix in {".jsonl", ".ndjson"}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(_objects(file, opened) if lines else _cells(file, opened))
    except FileNotFoundError:
        sentence = f"There is no file {file}."
    except OSError as cause:
        sentence = f"{file} cannot be read ({cause.strerror})."
    except UnicodeDecodeError:
        sentence = f"{file} is not text in UTF-8."
    except csv.Error:
        sentence = f"{file} is not a well-formed CSV file."
    raise Failure(sentence)


def _objects(file: Path, opened: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(opened, 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            sentence = f"Line {number} of {file} is no JSON object."
            raise Failure(sentence)
        yield row


def _cells(file: Path, opened: Iterable[str]) -> Iterator[dict[str, Any]]:
    lines = iter(opened)
    header = next(lines, "")
    separator = max(SEPARATORS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    unknown = [name for name in names if name not in {*COLUMNS, *LABELS}]
    if unknown or "person" not in names:
        sentence = f"{file} needs a column person, and no other than imports have."
        raise Failure(sentence)
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), 2):
        row = dict(zip(names, cells, strict=False))
        labels = {name: row.pop(name) for name in LABELS if row.get(name)}
        row = {name: cell for name, cell in row.items() if name in COLUMNS}
        yield {"source_id": str(number), **Row(number, row).content(), **labels}
