"""How a registration ends: withdrawn, it stays on record; erased, nothing does."""

from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.linkage.actions import Linked
from services.beneficiaries.linkage.persons import regrouped
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry import store
from services.beneficiaries.registry.actions import put_on_record
from services.kit.callers import Caller


async def withdraw(
    connection: asyncpg.Connection, caller: Caller, request: UUID, key: UUID
) -> None:
    """End a registration: it stays on record, and is matched with nothing again."""
    if (await store.held(connection, caller, key))["withdrawn_at"] is None:
        await store.withdraw(connection, caller, key)
        parted = await _part(connection, key)
        await put_on_record(connection, caller, request, "withdraw", [key], parted)


async def erase(
    connection: asyncpg.Connection,
    caller: Caller,
    request: UUID,
    key: UUID,
    keyring: Keyring,
) -> None:
    """Erase a registration: its key is destroyed, its payloads are emptied.

    What stays says that there was one, when it was recorded and when erased. The key
    goes before the commit: a commit that fails leaves nothing that could be read, and
    to ask again finishes it.
    """
    if (await store.held(connection, caller, key))["erased_at"] is None:
        parted = await _part(connection, key)
        await store.erase(connection, caller, key)
        await put_on_record(connection, caller, request, "erase", [key], parted)
    await keyring.destroy([key])


async def _part(connection: asyncpg.Connection, key: UUID) -> Linked:
    """Take a registration out of linkage, and find who stands where without it."""
    await linkage.withdraw(connection, key)
    parted = await linkage.retract(connection, [key], everything=True)
    around = await linkage.clusters(connection, [key, *parted])
    return Linked([], [], regrouped(around))
