"""Mappings: what an agency's own columns mean, saved by a name for later imports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.beneficiaries.imports.headers import FIELDS
from services.beneficiaries.imports.models import ImportMapping
from services.beneficiaries.permissions import Beneficiaries
from services.kit.audit import Entry, driver, record
from services.kit.callers import Caller, RequestId, holding
from services.kit.columns import now
from services.kit.database import Transaction
from services.kit.http import Body, View, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

NAME: Final = r"^[a-z0-9][a-z0-9-]{0,39}$"  # it stands in addresses: a label, no text
router = APIRouter(
    prefix="/imports/mappings",
    tags=["imports"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
Importer = Annotated[Caller, holding(Beneficiaries.IMPORT_REGISTRATIONS)]


def _field(name: str) -> str:
    if name not in FIELDS:
        message = f"must be one of: {', '.join(sorted(FIELDS))}"
        raise ValueError(message)
    return name


Header = Annotated[str, Field(min_length=1, max_length=200)]
FieldName = Annotated[str, AfterValidator(_field)]


class MappingBody(Body):
    """What the columns mean: their headers, and for each one of our fields."""

    name: Annotated[str, Field(pattern=NAME, examples=["monthly-list"])]
    columns: Annotated[
        dict[Header, FieldName],
        Field(
            min_length=1, max_length=200, examples=[{"Kodi i familjes": "household"}]
        ),
    ]


class MappingView(View):
    """What your headers mean, by the name under which you saved it."""

    id: UUID
    name: str
    columns: dict[str, str]
    saved_at: datetime
    saved_by: str


@router.put("", response_model=MappingView)
async def save_mapping(
    body: MappingBody, importer: Importer, request: RequestId, session: Transaction
) -> ImportMapping:
    """Save a mapping under its name; one that has the name is replaced."""
    saved = await _named(session, importer, body.name) or ImportMapping(
        agency=importer.agency, name=body.name, columns={}, saved_by=importer.subject
    )
    saved.columns, saved.saved_at = body.columns, now()
    saved.saved_by = importer.subject
    session.add(saved)
    await _record(session, importer, request, "save", saved.id)
    return saved


@router.get("", response_model=list[MappingView])
async def list_mappings(
    importer: Importer, session: Transaction
) -> Sequence[ImportMapping]:
    """List the mappings that your agency has saved."""
    mine = select(ImportMapping).where(ImportMapping.agency == importer.agency)
    return (await session.exec(mine.order_by(col(ImportMapping.name)))).all()


@router.delete("/{key}", status_code=204, responses=refusing(NotFound))
async def delete_mapping(
    key: UUID, importer: Importer, request: RequestId, session: Transaction
) -> None:
    """Delete a mapping; imports that used it have kept what it said."""
    mine = delete(ImportMapping).where(col(ImportMapping.agency) == importer.agency)
    gone = await session.exec(mine.where(col(ImportMapping.id) == key))
    if not gone.rowcount:
        raise NotFound
    await _record(session, importer, request, "delete", key)


async def columns(
    session: AsyncSession, caller: Caller, name: str
) -> Mapping[str, str]:
    if (found := await _named(session, caller, name)) is None:
        reason = "There is no such mapping."
        raise Invalid({"pointer": "/query/mapping", "reason": reason})
    return found.columns


async def _named(
    session: AsyncSession, caller: Caller, name: str
) -> ImportMapping | None:
    mine = select(ImportMapping).where(ImportMapping.agency == caller.agency)
    return (await session.exec(mine.where(ImportMapping.name == name))).one_or_none()


async def _record(
    session: AsyncSession, caller: Caller, request: UUID, act: str, key: UUID
) -> None:
    entry = Entry(request, f"mapping:{act}", caller, key)
    await record(await driver(session), entry)
