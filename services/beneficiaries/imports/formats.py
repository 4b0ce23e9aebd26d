"""The formats of files, all read alike: headers first, then rows as they come.

Nothing is read whole: a million rows take no more memory than a thousand.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from zipfile import BadZipFile, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from services.beneficiaries.imports.cells import text_of
from services.beneficiaries.imports.rules import Unreadable

SEPARATORS: Final = (",", ";", "\t")
LONGEST_LINE: Final = 1 << 20
MOST_COLUMNS: Final = 200
LARGEST_SHEET: Final = 4 << 30  # bytes unpacked; the sheet is streamed
LARGEST_PARTS: Final = 256 << 20  # bytes unpacked of all else: texts are kept in memory
AT_ONCE: Final = 1_000  # rows
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSETS: Final = frozenset({"utf-8", "utf-16", "windows-1250", "windows-1251"})
# In a Cyrillic text letters beyond ASCII stand side by side, in a Latin one alone.
BESIDE: Final = re.compile(rb"[\x80-\xff]{2}")
BEYOND: Final = re.compile(rb"[\x80-\xff]")

File = io.BufferedReader
Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it is read: what its columns are called, and numbered rows."""

    headers: tuple[str, ...]
    rows: Iterator[Line]


def charset_of(file: File) -> str:
    """Tell in which alphabet's bytes a text is written, reading it once."""
    beginning = file.read(4)
    file.seek(0)
    for mark, charset in MARKS:
        if beginning.startswith(mark):
            return charset
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in iter(lambda: file.read(1 << 20), b""):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _code_page(file)
    finally:
        file.seek(0)
    return "utf-8"


def _code_page(file: File) -> str:
    file.seek(0)
    beyond = beside = 0
    for piece in iter(lambda: file.read(1 << 20), b""):
        beyond += len(BEYOND.findall(piece))
        beside += 2 * len(BESIDE.findall(piece))
    return "windows-1251" if beside * 2 > beyond else "windows-1250"


def read_csv(file: File, charset: str | None) -> Sheet:
    found = charset or charset_of(file)
    if found == "utf-8":
        found = "utf-8-sig"  # the mark may be there, whoever named the charset
    text = io.TextIOWrapper(file, encoding=found, newline="")
    lines = _bounded(text)
    first = next(lines, "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], lines), delimiter=separator)
    headers = tuple(next(reader, ()))
    return Sheet(headers, _numbered(reader))


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Give lines, none of them longer than a line can be."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            sentence = "A line is longer than a row can be."
            raise Unreadable(sentence)
        yield line


def _numbered(reader: "csv._reader") -> Iterator[Line]:  # type: ignore[name-defined]
    """Number each row by the line on which it begins."""
    begins = reader.line_num + 1
    for cells in reader:
        if any(cells):
            yield begins, cells
        begins = reader.line_num + 1


def read_json_lines(file: File, charset: str | None) -> Sheet:
    text = io.TextIOWrapper(file, encoding=charset or charset_of(file))
    numbered = enumerate(map(str.strip, _bounded(text)), 1)
    return Sheet(("row",), ((number, [line]) for number, line in numbered if line))


def read_xlsx(file: File, _charset: str | None) -> Sheet:
    """Read the first sheet; the archive may not unpack to more than is allowed."""
    _refuse_bombs(file)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the sheet says of its size may be anything
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    headers = _trimmed([_cell(value) for value in next(rows, ())])
    width = len(headers)
    return Sheet(
        tuple(headers),
        (
            (number, (cells + [""] * width)[: max(width, len(cells))])
            for number, row in enumerate(rows, 2)
            if (cells := _trimmed([_cell(value) for value in row]))
        ),
    )


def _refuse_bombs(file: File) -> None:
    parts = ZipFile(file).infolist()
    file.seek(0)
    sheets = [one for one in parts if "/worksheets/" in one.filename]
    largest = max((one.file_size for one in sheets), default=0)
    others = sum(one.file_size for one in parts if one not in sheets)
    if largest > LARGEST_SHEET or others > LARGEST_PARTS:
        sentence = "The workbook unpacks to more than is read here; send it as CSV."
        raise Unreadable(sentence)


def _cell(value: object) -> str:
    """Write a date without the time that a sheet gives to every date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return text_of(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def read_parquet(file: File, _charset: str | None) -> Sheet:
    """Read columns of plain values; with a column of parts, whole rows as JSON."""
    source = pq.ParquetFile(pa.PythonFile(file, mode="r"))
    schema = source.schema_arrow
    batches = source.iter_batches(AT_ONCE)
    rows = (row for batch in batches for row in batch.to_pylist())
    if any(pa.types.is_struct(field.type) for field in schema):
        nested = ([json.dumps(row, default=str)] for row in rows)
        return Sheet(("row",), enumerate(nested, 1))
    plain = ([text_of(value) for value in row.values()] for row in rows)
    return Sheet(tuple(schema.names), enumerate(plain, 1))


READERS: Final[Mapping[str, Callable[[File, str | None], Sheet]]] = {
    "text/csv": read_csv,
    "application/jsonl": read_json_lines,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": read_xlsx,
    "application/vnd.apache.parquet": read_parquet,
}
# What the libraries raise for files that are not of their format, or are damaged.
DAMAGED: Final = (
    UnicodeError,
    csv.Error,
    BadZipFile,
    InvalidFileException,
    pa.ArrowException,
    ValueError,
    KeyError,
    EOFError,
    SyntaxError,  # of XML
)
