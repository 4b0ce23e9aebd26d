"""What leaves of an organisation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.grants.organisations import store
from services.grants.organisations.actions import Likeness
from services.grants.organisations.models import Organisation, OrganisationName
from services.grants.organisations.rules import Kind, Language, Registry, Script, script
from services.kit.callers import Caller
from services.kit.http import View


class NameView(View):
    """A name, its language where it is known, and its script."""

    text: str
    language: Language | None
    script: Script


class OrganisationView(View):
    """Public of an organisation; `same_as` is the lasting record of the same body."""

    id: UUID
    name: str
    names: list[NameView]
    kind: Kind
    registered_in: Registry | None
    registration_number: str | None
    municipality: str | None
    same_as: UUID | None
    recorded_at: datetime


class LikenessView(View):
    """An organisation that could be meant; `likeness` is from 0 to 1."""

    organisation: OrganisationView
    likeness: float


class RecordedView(View):
    """What is recorded, and which other records look like the same body."""

    organisation: OrganisationView
    looks_like: list[LikenessView]


def view(of: Organisation, names: Sequence[OrganisationName]) -> OrganisationView:
    told = [
        NameView(text=one.text, language=one.language, script=script(one.text))
        for one in sorted(names, key=lambda one: (one.text != of.name, one.text))
    ]
    return OrganisationView(**of.model_dump(), names=told)


def likeness_view(found: Likeness) -> LikenessView:
    shown = view(found.organisation, found.names)
    return LikenessView(organisation=shown, likeness=round(found.likeness, 2))


async def shown(
    session: AsyncSession, reader: Caller, *organisations: Organisation
) -> list[OrganisationView]:
    names = await store.names(session, reader, [one.id for one in organisations])
    return [view(one, names.get(one.id, [])) for one in organisations]
