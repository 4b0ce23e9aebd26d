"""Opening the communities of many at once, for statistics: one entry, all on record.

No consent of each is asked: nothing of anybody leaves, and what does leave has been
made safe by whoever asks. A single person's communities are opened by a disclosure.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from services.beneficiaries.protection import store
from services.beneficiaries.protection.models import communities_place
from services.beneficiaries.protection.rules import Communities
from services.kit.audit import Entry
from services.kit.sealing import DataKey, Protected


async def communities(
    connection: asyncpg.Connection,
    entry: Entry,
    keys: Mapping[UUID, DataKey],
    sealed: Mapping[UUID, Protected],
) -> dict[UUID, Communities]:
    """Write the entry of a batch opening, then open all whose keys there are."""
    whose = keys.keys() & sealed.keys()
    recorded = await store.record_batch(connection, entry, whose)
    return {
        one: Communities.model_validate_json(
            keys[one].disclose(sealed[one], communities_place(one), recorded[one])
        )
        for one in whose
    }
