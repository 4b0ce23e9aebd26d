"""The formats of files, all read alike: headers first, then rows as they come.

Nothing is read whole: a million rows take no more memory than a thousand.
"""

import codecs
import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final
from zipfile import BadZipFile, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
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
ZEROS: Final = re.compile("0+")  # the format of a number of so many digits

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


def _text(file: File, charset: str | None, newline: str | None) -> io.TextIOWrapper:
    found = charset or charset_of(file)
    if found == "utf-8":
        found = "utf-8-sig"  # the mark may be there, whoever named the charset
    return io.TextIOWrapper(file, encoding=found, newline=newline)


def read_csv(file: File, charset: str | None) -> Sheet:
    lines = _bounded(_text(file, charset, newline=""))
    first = next(lines, "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], lines), delimiter=separator)
    headers = _trimmed(next(reader, []))
    return Sheet(tuple(headers), _kept(_numbered(reader), len(headers)))


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
        yield begins, cells
        begins = reader.line_num + 1


def _kept(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Leave out rows that are empty, and empty cells to the right of all columns."""
    for number, cells in lines:
        if any(map(str.strip, cells)):
            yield number, _trimmed(cells, width)


def _trimmed(cells: list[str], width: int = 0) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def read_json_lines(file: File, charset: str | None) -> Sheet:
    lines = _bounded(_text(file, charset, newline=None))
    numbered = enumerate(map(str.strip, lines), 1)
    return Sheet(("row",), ((number, [line]) for number, line in numbered if line))


def read_xlsx(file: File, _charset: str | None) -> Sheet:
    """Read the first sheet; the archive may not unpack to more than is allowed."""
    _refuse_bombs(file)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the sheet says of its size may be anything
    first = next(sheet.iter_rows(max_row=1), ())
    headers = _trimmed([_cell(cell) for cell in first])
    if len(headers) > MOST_COLUMNS:
        sentence = f"The sheet has more than {MOST_COLUMNS} columns; send it as CSV."
        raise Unreadable(sentence)
    rows = sheet.iter_rows(min_row=2, max_col=MOST_COLUMNS)
    lines = ([_cell(cell) for cell in row] for row in rows)
    return Sheet(tuple(headers), _kept(enumerate(lines, 2), len(headers)))


def _refuse_bombs(file: File) -> None:
    parts = ZipFile(file).infolist()
    file.seek(0)
    sheets = [one for one in parts if "/worksheets/" in one.filename]
    largest = max((one.file_size for one in sheets), default=0)
    others = sum(one.file_size for one in parts if one not in sheets)
    if largest > LARGEST_SHEET or others > LARGEST_PARTS:
        sentence = "The workbook unpacks to more than is read here; send it as CSV."
        raise Unreadable(sentence)


def _cell(cell: ReadOnlyCell | EmptyCell) -> str:
    """Write a number with the zeros that the sheet shows before it."""
    if cell.value is None or cell.data_type != "n":
        return text_of(cell.value)
    shown = ZEROS.fullmatch(cell.number_format)
    return text_of(cell.value).zfill(shown.end() if shown else 0)


def read_parquet(file: File, _charset: str | None) -> Sheet:
    """Read columns of plain values; with a column of parts, whole rows as JSON."""
    source = pq.ParquetFile(pa.PythonFile(file, mode="r"))
    schema = source.schema_arrow
    batches = source.iter_batches(AT_ONCE)
    rows = (row for batch in batches for row in batch.to_pylist())
    if any(pa.types.is_struct(field.type) for field in schema):
        nested = ([json.dumps(_whole(row), default=text_of)] for row in rows)
        return Sheet(("row",), enumerate(nested, 1))
    plain = ([text_of(value) for value in row.values()] for row in rows)
    return Sheet(tuple(schema.names), _kept(enumerate(plain, 1), len(schema)))


def _whole(row: object) -> object:
    """Leave out of a registration what it lacks: here null, for the API absent."""
    if isinstance(row, dict) and isinstance(row.get("names"), dict):
        return _without_nulls(row)
    return row


def _without_nulls(part: object) -> object:
    if isinstance(part, dict):
        given = {name: one for name, one in part.items() if one is not None}
        return {name: _without_nulls(one) for name, one in given.items()}
    return [_without_nulls(one) for one in part] if isinstance(part, list) else part


READERS: Final[Mapping[str, Callable[[File, str | None], Sheet]]] = {
    "text/csv": read_csv,
    "application/jsonl": read_json_lines,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": read_xlsx,
    "application/vnd.apache.parquet": read_parquet,
}
# What the libraries raise for files that are not of their format, or are damaged.
DAMAGED: Final = (
    csv.Error,
    BadZipFile,
    zlib.error,
    InvalidFileException,
    pa.ArrowException,
    OSError,  # of Parquet; that a piece cannot be fetched is `Unreached`
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    NotImplementedError,  # versions of ZIP that there are not
    EOFError,
    SyntaxError,  # of XML
)
