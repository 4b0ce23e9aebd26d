"""Imports: a file comes, its rows are checked, linked, held or accepted; all to see."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from email.message import Message
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse

from services.beneficiaries.imports import actions, mappings, store
from services.beneficiaries.imports.actions import Sent
from services.beneficiaries.imports.depot import Depot, Kept, unpacked
from services.beneficiaries.imports.formats import CHARSETS, READERS
from services.beneficiaries.imports.mappings import NAME
from services.beneficiaries.imports.models import Import, headers_place
from services.beneficiaries.imports.rules import (
    ENDED,
    NotNow,
    State,
    UnknownKind,
)
from services.beneficiaries.permissions import Beneficiaries
from services.kit.callers import Caller, RequestId, holding
from services.kit.database import Statements, Transaction
from services.kit.http import LARGEST, View, refusing
from services.kit.pages import Page, Paged, page_of
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

router = APIRouter(
    prefix="/imports",
    tags=["imports"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
Importer = Annotated[Caller, holding(Beneficiaries.IMPORT_REGISTRATIONS)]
Reader = Annotated[Caller, holding(Beneficiaries.READ_IMPORTS)]
Releaser = Annotated[Caller, holding(Beneficiaries.RELEASE_IMPORTS)]

# A passport that was shown just now lives longer: nobody watches without one.
WATCHED: Final = 20.0  # seconds; then whoever watches asks again, and is asked again
EVERY: Final = 0.5
WATCHERS: Final = 4  # at once: each occupies one of the few turns at the gateway
BINARY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in READERS
        },
    }
}


class ImportView(View):
    """How far an import has come.

    `rows` are read; of these `refused` stay out, `duplicates` are like another row of
    the file or a registration of your own. `recorded` and `unchanged` are in.
    `unreadable` are birth dates that were kept as they are written. `columns` names,
    where the file was refused for its columns, which ones are meant.
    """

    id: UUID
    state: State
    reason: str | None
    columns: tuple[str, ...] = ()
    kind: str
    size: int
    rows: int
    refused: int
    unreadable: int
    duplicates: int
    recorded: int
    unchanged: int
    arrived_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    destroyed_at: datetime | None


async def told(depot: Depot, found: Import) -> ImportView:
    """Show an import; what its columns are called is opened for its own agency."""
    view = ImportView.model_validate(found)
    if found.state is State.REFUSED and found.headers is not None:
        key = await depot.key(found.id, NotFound)
        sealed = found.headers.at_rest()
        columns = unpacked(key, headers_place(found.id), sealed)
        return view.model_copy(update={"columns": tuple(columns)})
    return view


async def sent(
    request: Request,
    importer: Importer,
    depot: Kept,
    mapping: Annotated[str | None, Query(pattern=NAME)] = None,
) -> Sent:
    """Read what the headers say of the file, and find the mapping that is named."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    if (kind := header.get_content_type()) not in READERS:
        raise UnknownKind
    charset = header.get_content_charset()
    if charset is not None and charset not in CHARSETS:
        reason = f"Of these: {', '.join(sorted(CHARSETS))}."
        raise Invalid({"pointer": "/header/content-type", "reason": reason})
    columns: Mapping[str, str] = {}
    if mapping is not None:
        # Not the request's transaction: that would be held while the file comes.
        async with depot.database.session(importer.agency) as session:
            columns = await mappings.columns(session, importer, mapping)
    return Sent(kind, charset, columns)


@router.post(
    "",
    status_code=201,
    responses=refusing(UnknownKind, TooLarge) | {200: {"model": ImportView}},
    openapi_extra=BINARY,
)
async def import_file(  # noqa: PLR0913 -- each is a dependency
    request: Request,
    response: Response,
    described: Annotated[Sent, Depends(sent, scope="function")],
    importer: Importer,
    request_id: RequestId,
    depot: Kept,
) -> ImportView:
    """Send a file of registrations; the same file again answers 200, with its import.

    The content type says what it is; of text also, if you know it, the charset.
    """
    request.scope[LARGEST] = depot.largest
    key, new = await actions.receive(
        depot, importer, request_id, described, request.stream()
    )
    if not new:
        response.status_code = 200
    async with depot.database.session(importer.agency) as session:
        return await told(depot, await store.find(session, importer, key))


@router.get("")
async def list_imports(
    reader: Reader, page: Paged, depot: Kept, session: Transaction
) -> Page[ImportView]:
    """List your imports, the newest first."""
    found = await store.page(session, reader, page.after(), page.fetched)
    views = [await told(depot, one) for one in found]
    return page_of(views, page.limit, lambda view: view)


@router.get("/{key}", responses=refusing(NotFound))
async def read_import(
    key: UUID, reader: Reader, depot: Kept, session: Transaction
) -> ImportView:
    """Read how far an import has come."""
    return await told(depot, await store.find(session, reader, key))


async def watched(key: UUID, reader: Reader, request: Request) -> AsyncIterator[UUID]:
    """Let a few watch at once, and only what is theirs."""
    places: asyncio.Semaphore = request.app.state.watchers
    async with request.app.state.database.session(reader.agency) as session:
        await store.find(session, reader, key)
    if places.locked():
        raise Unavailable
    async with places:
        yield key


@router.get(
    "/{key}/events",
    response_class=EventSourceResponse,
    responses=refusing(NotFound, Unavailable),
)
async def follow_import(
    key: Annotated[UUID, Depends(watched)], reader: Reader, depot: Kept
) -> AsyncIterator[ImportView]:
    """Follow an import by server-sent events: at every change, for twenty seconds.

    Then ask again, as an `EventSource` does by itself, until the import has ended.
    """
    until, last = time.monotonic() + WATCHED, None
    while time.monotonic() < until:
        async with depot.database.session(reader.agency) as session:
            view = await told(depot, await store.find(session, reader, key))
        if view != last:
            yield view
        if view.state in ENDED:
            return
        last = view
        await asyncio.sleep(EVERY)


@router.post("/{key}/release", status_code=204, responses=refusing(NotFound, NotNow))
async def release_import(
    key: UUID, releaser: Releaser, request: RequestId, connection: Statements
) -> None:
    """Let an import go on that was held for its duplicates."""
    await actions.release(connection, releaser, request, key)


@router.post(
    "/{key}/cancellation", status_code=204, responses=refusing(NotFound, NotNow)
)
async def cancel_import(
    key: UUID, releaser: Releaser, request: RequestId, depot: Kept
) -> None:
    """End an import; what it has recorded so far stays recorded."""
    await actions.cancel(depot, releaser, request, key)
