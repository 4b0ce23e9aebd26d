"""Finding among an agency's own registrations, by folded names or a document."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.linkage.actions import opening
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.scoring import compare
from services.beneficiaries.linkage.traits import Traits, asked_traits
from services.beneficiaries.particulars import BirthDate, Document, Names
from services.beneficiaries.registry import store
from services.beneficiaries.registry.actions import Opened, Registrar
from services.kit.audit import driver, record
from services.kit.callers import Caller
from services.kit.purposes import Purpose
from services.kit.sealing import Personal

SHOWN = 20


async def find(  # noqa: PLR0913 -- who asks, and for whom
    office: Registrar,
    session: AsyncSession,
    caller: Caller,
    request: UUID,
    names: Names | None,
    birth: BirthDate,
    documents: tuple[Document, ...],
) -> list[Opened]:
    """Give the likeliest first: what shares a match key, in the order of its weight."""
    asked = asked_traits(names, birth, documents)
    keys = office.matcher.keys(asked)
    connection = await driver(session)
    rows = await store.by_keys(connection, caller, keys)
    data_keys = await office.matcher.keyring.fetch(row["registration"] for row in rows)
    weights: dict[UUID, float] = {}
    for row in rows:
        if (id_ := row["registration"]) not in data_keys:
            continue
        opened = data_keys[id_].open(Personal(row["traits"]), traits_place(id_))
        weights[id_] = compare(asked, Traits.from_bytes(opened)).weight
    purpose = caller.purpose or Purpose.ASSISTANCE
    entry = opening(caller, request, "registration:search", purpose, list(weights))
    await record(connection, entry)
    best = sorted(weights, key=weights.__getitem__, reverse=True)[:SHOWN]
    shown = await store.some(session, caller, best)
    ranked = sorted(shown, key=lambda one: best.index(one.registration.id))
    return await office.open(session, caller, request, ranked)
