"""Rows of cells, understood: what is good can be recorded, what is bad says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.beneficiaries.imports import rules
from services.beneficiaries.imports.cells import Members, content_of
from services.beneficiaries.imports.formats import Line
from services.beneficiaries.imports.likeness import Likeness, likenesses
from services.beneficiaries.imports.rules import Reasons
from services.beneficiaries.registry.actions import Registrar
from services.beneficiaries.registry.drafts import Draft
from services.beneficiaries.registry.rules import Content
from services.kit.callers import Caller


@dataclass(frozen=True, slots=True)
class Good:
    """A row that can be recorded, and what it would share with a duplicate."""

    row: int
    line: Line
    draft: Draft
    alike: tuple[Likeness, ...]


@dataclass(slots=True)
class Read:
    """Some rows as they were read: how many, the good ones, and the refused."""

    rows: int
    good: list[Good] = field(default_factory=list)
    bad: list[tuple[int, Reasons, list[str]]] = field(default_factory=list)
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """What it takes to understand a row: what its parts are, and what day it is."""

    registrar: Registrar
    caller: Caller
    fields: tuple[str, ...]
    members: Members
    today: date

    def read(self, start: int, lines: Sequence[Line]) -> Read:
        read = Read(len(lines))
        for row, (number, cells) in enumerate(lines, start):
            content = self._content(cells)
            if isinstance(content, Content):
                read.unreadable += not content.readable()
                read.good.append(self._good(row, (number, cells), content))
            else:
                read.bad.append((number, content, cells))
        return read

    def _content(self, cells: Sequence[str]) -> Content | Reasons:
        said = content_of(self.fields, cells, self.members)
        return rules.read(said, self.today) if isinstance(said, dict) else said

    def _good(self, row: int, line: Line, content: Content) -> Good:
        draft = self.registrar.draft(self.caller, content)
        alike = likenesses(draft.traits, self.registrar.matcher.keys)
        return Good(row, line, draft, tuple(alike))
