"""A row of our own columns, in the form in which the registry takes it."""

from dataclasses import dataclass
from typing import Any, Final

from console.births import birth

NAMES: Final = ("given", "family", "father", "former_family")
DOCUMENT: Final = ("document_kind", "document_number", "document_country")
PLAIN: Final = ("source_id", "sex", "place", "address", "household", "never_match")
COLUMNS: Final = (*PLAIN, *NAMES, "birth", "phones", *DOCUMENT, "communities")
SEPARATORS: Final = (",", ";", "\t")
SILENT: Final = "prefers_not_to_say"


@dataclass(frozen=True)
class Row:
    """A row by its columns; `line` is where it begins in the file."""

    line: int
    cells: dict[str, str]

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


def several(cell: str) -> list[str]:
    return [text for part in cell.split(";") if (text := part.strip())]


def communities(cell: str) -> dict[str, Any]:
    return {SILENT: True} if cell == SILENT else {"declared": several(cell)}
