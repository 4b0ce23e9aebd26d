"""Rows as programs write them: in sheets, in columns of Parquet, in lines of JSON."""

import io
import json
from collections.abc import Sequence
from typing import Any
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
LINES = "application/jsonl"


def workbook(*rows: Sequence[Any], shown: str = "General") -> bytes:
    """Write a sheet, and how its numbers are shown."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "n":
                cell.number_format = shown
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet(columns: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def jsonl(*rows: Any) -> bytes:  # noqa: ANN401 -- what JSON holds
    return b"\n".join(json.dumps(row).encode() for row in rows)


def separated(*rows: Sequence[Any]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def written(kind: str, header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """Write the same rows in one of the four formats."""
    if kind == XLSX:
        return workbook(header, *rows)
    if kind == PARQUET:
        return parquet(dict(zip(header, zip(*rows, strict=True), strict=True)))
    if kind == LINES:
        return jsonl(*(dict(zip(header, row, strict=True)) for row in rows))
    return separated(header, *rows)


def scratched(file: bytes, at: int) -> bytes:
    """Write nonsense over some bytes of a file."""
    return file[:at] + b"\xff" * 20 + file[at + 20 :]


def packed_sheet(file: bytes) -> int:
    """Tell where in a workbook the packed bytes of its sheet begin."""
    name = "xl/worksheets/sheet1.xml"
    return ZipFile(io.BytesIO(file)).getinfo(name).header_offset + 30 + len(name)
