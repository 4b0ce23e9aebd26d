"""Documents of an application: hand in, list, fetch; each known by its hash."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.grants.applications import store
from services.grants.applications.api import LEADING, Applying, Reader, held
from services.grants.applications.media import (
    DocumentKind,
    MediaType,
    NotThatType,
    looks_like,
)
from services.grants.applications.models import Document
from services.grants.applications.rules import ApplicationNotReady, Status
from services.grants.applications.shelf import Shelved
from services.kit.audit import Entry, driver, record
from services.kit.callers import RequestId
from services.kit.database import Transaction
from services.kit.http import View, refusing
from services.kit.refusals import (
    Invalid,
    NotFound,
    NotPermitted,
    TooLarge,
    Unauthenticated,
)

router = APIRouter(
    tags=["applications"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY = {"required": True, "content": {one.value: BINARY for one in MediaType}}


class Handing(BaseModel):
    """What kind of document the body is; its media type is the content type."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind


class DocumentView(View):
    """A file of an application by its digest; what it says stays sealed."""

    id: UUID
    kind: DocumentKind
    media_type: MediaType
    size: int
    sha256: str
    recorded_at: datetime


@router.post(
    "/applications/{key}/documents",
    response_model=DocumentView,
    status_code=201,
    responses=refusing(*LEADING, NotThatType, TooLarge),
    openapi_extra={"requestBody": BODY},
)
async def hand_in_document(
    key: UUID,
    handing: Annotated[Handing, Query()],
    desk: Applying,
    shelved: Shelved,
    request: Request,
) -> object:
    """Hand in a document while the application is a draft; the latest of a kind counts.

    It is part of what the members sign, so those who had signed sign again. At most
    four MiB; its first bytes must be those of its content type.
    """
    content = await request.body()  # as slowly as it comes, before anything is held
    application = await held(desk, key)
    if application.status is not Status.DRAFT:
        raise ApplicationNotReady
    media_type = looks_like(request.headers.get("content-type", ""), content)
    document = Document(
        application=key,
        kind=handing.kind,
        media_type=media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        recorded_by=desk.caller.subject,
    )
    await shelved.put(document.id, content)
    desk.session.add(document)
    await desk.session.flush()
    await desk.tell("document:record", document.id, sha256=document.sha256)
    return document


@router.get("/applications/{key}/documents", responses=refusing(NotFound))
async def list_documents(
    key: UUID, reader: Reader, session: Transaction
) -> list[DocumentView]:
    """List the documents that count: the latest of each kind."""
    await store.find(session, reader, key)
    found = await store.documents(session, reader, key)
    return [DocumentView.model_validate(one) for one in found]


@router.get(
    "/documents/{key}",
    response_class=Response,
    responses=refusing(NotFound)
    | {200: {"content": {"application/octet-stream": BINARY}}},
)
async def fetch_document(
    key: UUID,
    reader: Reader,
    request: RequestId,
    shelved: Shelved,
    session: Transaction,
) -> Response:
    """Fetch a document, on the record; it comes to be saved and not to be shown."""
    found = await store.document(session, reader, key)
    content = await shelved.get(found.id)
    entry = Entry(request, "document:read", reader, found.id)
    await record(await driver(session), entry)
    headers = {
        "content-disposition": "attachment",
        "x-content-type-options": "nosniff",
        "content-digest": digest_header(found.sha256),
    }
    return Response(content, media_type=found.media_type, headers=headers)


def digest_header(hexadecimal: str) -> str:
    """Write a SHA-256 as RFC 9530 wants it."""
    encoded = b64encode(bytes.fromhex(hexadecimal)).decode()
    return f"sha-256=:{encoded}:"
