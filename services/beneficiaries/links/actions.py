"""Telling what an agreement lets be known of others' registrations, on the record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.actions import opening
from services.beneficiaries.links import rules
from services.beneficiaries.particulars import BirthDate, Document, Names, Sex
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry.models import personal_place
from services.beneficiaries.registry.rules import Content
from services.beneficiaries.texts import Phone, PlaceCode, Text
from services.kit.agreements import Agreed, Shared
from services.kit.audit import Entry, record
from services.kit.callers import Caller
from services.kit.http import View
from services.kit.purposes import Purpose
from services.kit.sealing import Personal


class SharedFields(View):
    """What a registration says, as far as its owner lets it be known."""

    names: Names | None = None
    sex: Sex | None = None
    birth: BirthDate | None = None
    place: PlaceCode | None = None
    address: Text | None = None
    phones: tuple[Phone, ...] | None = None
    documents: tuple[Document, ...] | None = None


class Sealed(NamedTuple):
    """A registration in one version, sealed, and the fields that may be known."""

    registration: UUID
    version: UUID
    personal: bytes
    fields: frozenset[Shared]


class Link(NamedTuple):
    """An agency that knows the same person, at the level it agreed to."""

    agreed: Agreed
    registration: UUID | None
    fields: SharedFields | None


class Linked(NamedTuple):
    """One of the caller's own registrations, and its links."""

    registration: UUID
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling of links needs: the data keys, and the secret of outward ids."""

    keyring: Keyring
    master: bytes

    async def tell(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        request: UUID,
        rows: Sequence[asyncpg.Record],
    ) -> list[Linked]:
        """Give the links in these rows, by the caller's own registrations."""
        agreed = {one.owner: one for one in caller.agreed}
        fields = await opened(self.keyring, _sealed(rows, agreed))
        entry = Entry(request, "link:read", caller)
        opening = on_record(caller, request, "link:open", list(fields))
        await record(connection, entry, *opening)
        return [
            Linked(own, list(self._links(caller, some, agreed, fields)))
            for own, some in groupby(rows, lambda row: row["registration"])
        ]

    def _links(
        self,
        caller: Caller,
        rows: Iterable[asyncpg.Record],
        agreed: Mapping[str, Agreed],
        fields: Mapping[UUID, SharedFields],
    ) -> Iterator[Link]:
        for owner, some in groupby(rows, lambda row: row["agency"]):
            if not agreed[owner].tells_who:  # nor how many there are
                yield Link(agreed[owner], None, None)
                continue
            for row in some:
                id_ = rules.outward(self.master, caller.agency, row["other"])
                yield Link(agreed[owner], id_, fields.get(row["other"]))


def _sealed(
    rows: Iterable[asyncpg.Record], agreed: Mapping[str, Agreed]
) -> Iterator[Sealed]:
    for row in rows:
        if row["personal"] is not None:
            fields = agreed[row["agency"]].fields
            yield Sealed(row["other"], row["version"], row["personal"], fields)


async def opened(
    keyring: Keyring, sealed: Iterable[Sealed]
) -> Mapping[UUID, SharedFields]:
    """Open the fields that may be known; an erased registration has none."""
    wanted = {one.registration: one for one in sealed}
    if not wanted:
        return {}
    keys = await keyring.fetch(wanted)
    return {
        id_: _fields(key.open(Personal(one.personal), personal_place(one.version)), one)
        for id_, one in wanted.items()
        if (key := keys.get(id_)) is not None
    }


def _fields(content: bytes, one: Sealed) -> SharedFields:
    kept = Content.kept(content)
    return SharedFields(**{str(name): getattr(kept, name) for name in one.fields})


def on_record(
    caller: Caller, request: UUID, act: str, opened: Sequence[UUID]
) -> list[Entry]:
    """Say how many were opened and whose; nothing, where nothing was."""
    purpose = caller.purpose or Purpose.ASSISTANCE
    return [opening(caller, request, act, purpose, opened)] if opened else []
