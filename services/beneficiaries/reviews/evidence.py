"""The evidence on a pair: what was compared, and both registrations side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from services.beneficiaries.linkage import model
from services.beneficiaries.links.actions import (
    Sealed,
    SharedFields,
    on_record,
    opened,
)
from services.beneficiaries.links.rules import openable
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.reviews import rules, store
from services.beneficiaries.reviews.judging import shown, standing_vetoes
from services.beneficiaries.reviews.models import Review
from services.beneficiaries.reviews.sitting import Sitting
from services.beneficiaries.reviews.waterfall import Told
from services.kit.agreements import Shared
from services.kit.audit import record
from services.kit.callers import Caller
from services.kit.purposes import Purpose

EVERYTHING = frozenset(Shared)


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a pair; `fields` is None where its owner has not agreed to any."""

    registration: UUID
    agency: str
    fields: SharedFields | None


async def told(sitting: Sitting, review: Review) -> Told:
    """Tell how the weight of a pair comes about."""
    _, found = await shown(sitting, review)
    weights = [weight for *_, weight in found.evidence]
    return Told(
        prior=rules.prior(found.weight, weights),
        levels=[(name, label, weight) for name, label, weight in found.evidence],
        vetoes=standing_vetoes(found.evidence),
        cutoffs=(model.LOWER_CUTOFF, model.UPPER_CUTOFF),
    )


def totals(told: Told) -> list[float]:
    """Add up from what was known before, level by level."""
    weights = (weight for *_, weight in told.levels)
    return [*accumulate(weights, initial=told.prior)][1:]


async def sides(sitting: Sitting, review: Review, keyring: Keyring) -> list[Side]:
    """Open both ends as far as the caller may know them, on the record."""
    allowed = seen(sitting.caller)
    rows = await store.sides(sitting.connection, review, list(allowed))
    sealed = (
        Sealed(
            row["registration"],
            row["version"],
            row["personal"],
            allowed.get(row["agency"], EVERYTHING),
        )
        for row in rows
        if row["personal"] is not None
    )
    fields = await opened(keyring, sealed)
    asked = sitting.caller, sitting.request
    if entries := on_record(*asked, "review:open", list(fields)):
        await record(sitting.connection, *entries)
    return [
        Side(row["registration"], row["agency"], fields.get(row["registration"]))
        for row in rows
    ]


def seen(caller: Caller) -> Mapping[str, frozenset[Shared]]:
    """Give by owner the fields that the caller may see of what is not its own."""
    if caller.purpose != Purpose.LINKAGE:
        return {}
    return openable(caller.agreed)
