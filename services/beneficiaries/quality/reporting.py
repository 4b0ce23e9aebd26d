"""The standing report: how well the registry links, for whom, as far as may be told.

It is computed once a day and frozen, so that nobody learns by asking before and after.
Communities and alphabets are opened for it all at once, on the record, for statistics.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.actions import opening
from services.beneficiaries.particulars import Names
from services.beneficiaries.protection import batch
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.protection.rules import Community
from services.beneficiaries.quality import rules, store
from services.beneficiaries.quality.rules import Group, Reviewed, Stratum, script
from services.beneficiaries.registry.models import personal_place
from services.kit.callers import Caller
from services.kit.purposes import Purpose
from services.kit.sealing import DataKey, Personal, Protected

MOST = 20_000  # reviewed pairs, the latest first
SCRIPTS = ("cyrillic", "latin")
Report = dict[str, Any]


async def report(
    keyring: Keyring, connection: asyncpg.Connection, caller: Caller, request: UUID
) -> Report:
    """Give the report of the day; whoever asks first has it computed."""
    if kept := await store.kept_report(connection):
        return dict(kept)
    pairs = await _reviewed(keyring, connection, caller, request)
    each = rules.weights(pairs, await store.sizes(connection))
    fresh = {
        "day": datetime.now(UTC).date().isoformat(),
        **shown(rules.told(pairs, each)),
        "scripts": _groups(SCRIPTS, pairs, each),
        "agencies": _groups(
            sorted(frozenset[str]().union(*(one.agencies for one in pairs))),
            pairs,
            each,
        ),
        "communities": _groups(Community, pairs, each),
    }
    return dict(await store.keep_report(connection, fresh))


def shown(told: rules.Told) -> Report:
    return {
        name: rate and rate._asdict()
        for name, rate in zip(told._fields, told, strict=True)
    }


def _groups(
    names: Any,  # noqa: ANN401 -- names of groups, in the order in which they are told
    pairs: list[Reviewed],
    each: rules.Sizes,
) -> list[Report]:
    groups: list[Group] = [rules.group(str(name), pairs, each) for name in names]
    return [
        {"name": one.name, **shown(one.told), "linked_worse": one.worse}
        for one in groups
    ]


async def _reviewed(
    keyring: Keyring, connection: asyncpg.Connection, caller: Caller, request: UUID
) -> list[Reviewed]:
    rows = await store.reviewed(connection, MOST)
    of = await _opened(keyring, connection, caller, request)
    return [
        Reviewed(
            Stratum(row["stratum"]),
            row["same"],
            agencies := frozenset(row["agencies"]),
            agencies | of[row["low"]] | of[row["high"]],
        )
        for row in rows
        if row["low"] in of and row["high"] in of
    ]


async def _opened(
    keyring: Keyring, connection: asyncpg.Connection, caller: Caller, request: UUID
) -> Mapping[UUID, frozenset[str]]:
    """Open the alphabet and the communities of all ends, in memory, on the record."""
    rows = {row["registration"]: row for row in await store.ends(connection, MOST)}
    keys = await keyring.fetch(rows)
    sealed = {
        one: Protected(row["communities"])
        for one, row in rows.items()
        if row["communities"] is not None
    }
    purpose, whose = Purpose.STATISTICS, sorted(keys)
    entry = opening(caller, request, "linkage:report", purpose, whose)
    declared = await batch.communities(connection, entry, keys, sealed)
    return {
        one: frozenset({written(rows[one], key)}).union(
            map(str, declared[one].declared if one in declared else ())
        )
        for one, key in keys.items()
    }


def written(row: asyncpg.Record, key: DataKey) -> str:
    """Tell the alphabet of a registration, and keep nothing else of it."""
    place = personal_place(row["version"])
    opened = json.loads(key.open(Personal(row["personal"]), place))
    return script(Names.model_validate(opened["names"]))
