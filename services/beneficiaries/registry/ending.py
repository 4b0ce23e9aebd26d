"""How a registration ends: withdrawn, it stays on record; erased, nothing does."""

from uuid import UUID

import asyncpg

from services.beneficiaries.linkage import store as linkage
from services.beneficiaries.linkage.persons import regroup
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
        await _part(connection, key)
        await put_on_record(connection, caller, request, "withdraw", [key], [])


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
        await _part(connection, key)
        await store.erase(connection, caller, key)
        await put_on_record(connection, caller, request, "erase", [key], [])
    await keyring.destroy([key])


async def _part(connection: asyncpg.Connection, key: UUID) -> None:
    """Take a registration out of linkage, and compute anew whom it was linked with."""
    await linkage.withdraw(connection, key)
    parted = await linkage.retract(connection, [key], everything=True)
    await regroup(connection, [key, *parted])
