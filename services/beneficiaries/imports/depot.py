"""What imports need beside a connection, and how their parts are sealed and opened."""

import json
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends, Request

from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry.actions import Registrar
from services.beneficiaries.settings import Settings
from services.kit.database import Database
from services.kit.refusals import Refusal
from services.kit.sealing import DataKey, Personal, Place


@dataclass(frozen=True, slots=True)
class Depot:
    """Where imports are kept, who records their rows, and for how long they stay."""

    database: Database
    registrar: Registrar = field(repr=False)  # it has the master key
    largest: int
    kept: timedelta

    async def key(self, import_: UUID, otherwise: type[Refusal]) -> DataKey:
        """Open the data key of an import; destroyed, it opens nothing any more."""
        keyring = self.registrar.matcher.keyring
        if (found := (await keyring.fetch([import_])).get(import_)) is None:
            raise otherwise
        return found


async def depot(request: Request) -> Depot:
    found: Depot = request.app.state.depot
    return found


Kept = Annotated[Depot, Depends(depot)]


def depot_of(settings: Settings, database: Database, keys: asyncpg.Pool) -> Depot:
    matcher = Matcher.of(Keyring(keys, settings.master), settings.master)
    registrar = Registrar(settings.master, matcher)
    kept = timedelta(days=settings.import_days)
    return Depot(database, registrar, settings.import_bytes, kept)


def packed(key: DataKey, place: Place, content: object) -> bytes:
    """Seal what JSON can say; pressed together, it leaves less to keep."""
    return key.seal(zlib.compress(json.dumps(content).encode(), 1), place)


def unpacked(key: DataKey, place: Place, sealed: bytes) -> Any:  # noqa: ANN401 -- whatever was packed
    return json.loads(zlib.decompress(key.open(Personal(sealed), place)))
