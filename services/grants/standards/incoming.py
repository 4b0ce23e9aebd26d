"""Organisations as a 360Giving package names them, and what is taken of each.

The standard lets publishers add fields of their own, so what is not read here is not
refused. Contacts, addresses and grants to individuals are not read: they are people's.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from services.grants.organisations.rules import (
    MOST_NAMES,
    Content,
    Kind,
    Number,
    Registry,
    Spelling,
)
from services.grants.standards.rules import LISTS
from services.kit.texts import Line

MOST: Final = 1_000
PREFIXES: Final[Mapping[str, Registry]] = {
    f"{prefix}-": registry for registry, prefix in LISTS.items()
}


class Incoming(BaseModel):
    """What the standard's models share: fields that we do not know are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Organisation(Incoming):
    """An organisation of the standard: its identifier and its names."""

    id: Number
    name: Line
    alternateName: Line | None = None  # noqa: N815 -- the standard's spelling


class Grant(Incoming):
    """A grant of the standard, as far as it names who received it."""

    recipientOrganization: Annotated[  # noqa: N815 -- the standard's spelling
        tuple[Organisation, ...], Field(max_length=50)
    ] = ()


class Package(Incoming):
    """A 360Giving package; the organisations that received its grants are taken."""

    grants: Annotated[tuple[Grant, ...], Field(min_length=1, max_length=MOST)]


def contents(package: Package) -> dict[str, Content]:
    """Give each organisation once, with every spelling that the package has of it."""
    named: dict[str, list[str]] = {}
    for grant in package.grants:
        for one in grant.recipientOrganization:
            names = named.setdefault(one.id, [])
            told = [one.name, *([one.alternateName] if one.alternateName else [])]
            names.extend(name for name in told if name not in names)
    return {
        identifier: _content(identifier, named[identifier])
        for identifier in sorted(named)
    }


def _content(identifier: str, names: list[str]) -> Content:
    """Read an identifier: a business by a register that we know, or as it stands."""
    registry, number = registered(identifier)
    return Content(
        name=names[0],
        other_names=tuple(Spelling(text=name) for name in names[1:MOST_NAMES]),
        kind=Kind.CSO if registry is Registry.OTHER else Kind.BUSINESS,
        registered_in=registry,
        registration_number=number,
    )


def registered(identifier: str) -> tuple[Registry, str]:
    """Tell the register of an identifier, and the number in it."""
    for prefix, registry in PREFIXES.items():
        number = identifier.removeprefix(prefix)
        if number not in {identifier, ""}:
            return registry, number
    return Registry.OTHER, identifier
