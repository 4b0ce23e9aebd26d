"""Links of your own registrations with those of agencies that let you know of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.beneficiaries.links import store
from services.beneficiaries.links.actions import Link, Linked, SharedFields, Teller
from services.beneficiaries.permissions import Beneficiaries
from services.kit.agreements import Level
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements
from services.kit.http import View, refusing
from services.kit.pages import Page, Paged, cursor
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    tags=["links"], responses=refusing(Unauthenticated, NotPermitted, Invalid)
)

Reader = Annotated[Caller, holding(Beneficiaries.READ_LINKS)]


async def teller(request: Request) -> Teller:
    return Teller(request.app.state.keyring, request.app.state.registrar.master)


Telling = Annotated[Teller, Depends(teller)]


class LinkView(View):
    """An agency that knows the same person; who it is and what it says, by its level.

    `registration` is your own id of that agency's registration: no other agency has the
    same one, and it opens nothing.
    """

    agency: str
    level: Level
    registration: UUID | None
    fields: SharedFields | None


class LinkedView(View):
    """One of your own registrations, and what you may know of others'."""

    registration: UUID
    links: list[LinkView]


def view(link: Link) -> LinkView:
    return LinkView(
        agency=link.agreed.owner,
        level=link.agreed.level,
        registration=link.registration,
        fields=link.fields,
    )


def linked_view(one: Linked) -> LinkedView:
    return LinkedView(
        registration=one.registration, links=[view(link) for link in one.links]
    )


@router.get("/links")
async def list_links(
    reader: Reader,
    page: Paged,
    request: RequestId,
    telling: Telling,
    connection: Statements,
) -> Page[LinkedView]:
    """List your own registrations that have links which you may know of.

    You may know what agreements in force let you know for the purpose that your token
    names. Without one, the answer is as if there were no link.
    """
    rows = await store.of_all(connection, reader, page.after(), page.fetched)
    found = list(dict.fromkeys(row["registration"] for row in rows))
    shown = set(found[: page.limit])
    kept = [row for row in rows if row["registration"] in shown]
    told = await telling.tell(connection, reader, request, kept)
    more = len(found) > page.limit
    last = cursor(found[page.limit - 1]) if more else None
    return Page(items=[linked_view(one) for one in told], next=last)


@router.get("/registrations/{key}/links", responses=refusing(NotFound))
async def list_links_of_registration(
    key: UUID,
    reader: Reader,
    request: RequestId,
    telling: Telling,
    connection: Statements,
) -> list[LinkView]:
    """List what you may know of others' registrations of this person."""
    rows = await store.of_one(connection, reader, key)
    told = await telling.tell(connection, reader, request, rows)
    return [view(link) for one in told for link in one.links]
