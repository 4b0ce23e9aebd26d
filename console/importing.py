"""Files on their way into the registry: sent, followed, their refused rows fetched."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from console.client import Failure, Gateway

PATH: Final = "/beneficiaries/imports"
KINDS: Final = {
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".txt": "text/csv",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}
PIECE: Final = 1 << 18
HELD: Final = "held"
ENDED: Final = frozenset({"accepted", "refused", "cancelled"})


@dataclass(frozen=True)
class Import:
    """How far an import has come; columns are named where the file was refused."""

    id: str
    state: str
    reason: str | None
    columns: tuple[str, ...]
    rows: int
    refused: int
    unreadable: int
    duplicates: int
    recorded: int
    unchanged: int
    arrived_at: str

    @property
    def done(self) -> int:
        return self.recorded + self.unchanged + self.refused

    def complaint(self) -> str | None:
        """Say why nothing more will happen by itself; nothing, if all is well."""
        if self.state == "refused":
            named = "".join(f" “{column}”" for column in self.columns)
            return f"The file was refused: {self.reason}{named}"
        if self.state == HELD:
            return (
                f"The import is held: {self.duplicates} of {self.rows} rows are"
                " duplicates. Look at the file, then release or cancel the import"
                f" {self.id}."
            )
        return "The import was cancelled." if self.state == "cancelled" else None


def kind_of(file: Path, charset: str | None) -> str:
    if (kind := KINDS.get(file.suffix.lower())) is None:
        known = ", ".join(KINDS)
        sentence = f"{file} is none of the files that can be imported: {known}."
        raise Failure(sentence)
    return f"{kind}; charset={charset}" if charset else kind


def size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as cause:
        sentence = f"{file} cannot be read ({cause.strerror})."
        raise Failure(sentence) from None


def send(  # noqa: PLR0913 -- what is sent, and how it is to be read
    gateway: Gateway,
    file: Path,
    kind: str,
    size: int,
    mapping: str | None,
    advance: Callable[[int], None],
) -> Import:
    """Send a file; the same one again gives the import that it was before."""
    path = f"{PATH}?{urlencode({'mapping': mapping})}" if mapping else PATH
    headers = {"content-type": kind, "content-length": str(size)}
    return gateway.upload(path, Import, headers, lambda: pieces(file, advance))


def pieces(file: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    try:
        with file.open("rb") as opened:
            while piece := opened.read(PIECE):
                yield piece
                advance(len(piece))
    except OSError as cause:
        sentence = f"{file} cannot be read ({cause.strerror})."
        raise Failure(sentence) from None


def follow(gateway: Gateway, import_: Import) -> Iterator[Import]:
    """Give an import at every change, until it has ended or waits for somebody."""
    last = import_
    yield last
    while last.state not in {*ENDED, HELD}:
        for last in gateway.events(f"{PATH}/{import_.id}/events", Import):
            yield last
            if last.state == HELD:
                return


def release(gateway: Gateway, key: str) -> None:
    gateway.fetch("POST", f"{PATH}/{key}/release")


def cancel(gateway: Gateway, key: str) -> None:
    gateway.fetch("POST", f"{PATH}/{key}/cancellation")


def fetch_refused(gateway: Gateway, key: str, to: Path) -> None:
    """Write the refused rows, with their reasons, for the file's owner alone."""
    content = gateway.fetch("GET", f"{PATH}/{key}/refused")
    try:
        to.unlink(missing_ok=True)
        made = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as opened:
            opened.write(content)
    except OSError as cause:
        sentence = f"{to} cannot be written ({cause.strerror})."
        raise Failure(sentence) from None


def mapped(columns: list[str]) -> dict[str, str]:
    """Read `Header=field` as the command line has it."""
    pairs = [column.rpartition("=") for column in columns]
    if wrong := [field for header, _, field in pairs if not header]:
        sentence = f"“{wrong[0]}” is not of the form HEADER=FIELD."
        raise Failure(sentence)
    return {header: field for header, _, field in pairs}
