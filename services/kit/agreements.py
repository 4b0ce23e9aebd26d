"""What one agency lets another know of a link: nothing, unless an agreement says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Level(StrEnum):
    """How much may be known; each level includes the ones before it."""

    EXISTS = "exists"  # that the owner knows the same person
    WHO = "who"  # and which of the owner's registrations it is
    FIELDS = "fields"  # and what these fields of it say


class Shared(StrEnum):
    """The fields that can be agreed on; protected ones are not among them."""

    NAMES = "names"
    SEX = "sex"
    BIRTH = "birth"
    PLACE = "place"
    ADDRESS = "address"
    PHONES = "phones"
    DOCUMENTS = "documents"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an owner lets the caller's agency know, for the caller's purpose, now."""

    owner: str
    level: Level
    fields: frozenset[Shared] = frozenset()

    @property
    def tells_who(self) -> bool:
        return self.level is not Level.EXISTS

    def claim(self) -> list[str]:
        return [self.level, *sorted(self.fields)]

    @classmethod
    def read(cls, claims: Mapping[str, Sequence[str]]) -> tuple[Self, ...]:
        """Read a passport's claim; a word that nobody knows lets nothing be known."""
        return tuple(
            cls(owner, Level(level), frozenset(map(Shared, fields)))
            for owner, (level, *fields) in claims.items()
        )

    @classmethod
    def together(cls, each: Iterable[Self]) -> tuple[Self, ...]:
        """Add up several agreements of one owner: the highest level, all fields."""
        found: dict[str, Self] = {}
        for one in each:
            known = found.get(one.owner, one)
            level = max(known.level, one.level, key=LEVELS.index)
            found[one.owner] = cls(one.owner, level, known.fields | one.fields)
        return tuple(found[owner] for owner in sorted(found))
