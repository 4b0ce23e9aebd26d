"""What may be handed in, and how its first bytes tell what it is."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from services.kit.refusals import Refusal


class NotThatType(Refusal):
    """The document is of no type that is taken, or not of the type it claims."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class DocumentKind(StrEnum):
    """What may be handed in with an application."""

    PROPOSAL = "proposal"
    BUDGET = "budget"
    STATUTE = "statute"
    REGISTRATION = "registration"
    FINANCIAL_STATEMENT = "financial_statement"
    LETTER = "letter"


class MediaType(StrEnum):
    """In which forms; each is known by its first bytes."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"


ZIP: Final = b"PK\x03\x04"
BEGINNINGS: Final[Mapping[MediaType, bytes]] = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.DOCX: ZIP,
    MediaType.XLSX: ZIP,
    MediaType.ODT: ZIP,
    MediaType.ODS: ZIP,
}


def looks_like(declared: str, content: bytes) -> MediaType:
    """Give the declared type, if it is one of ours and the bytes begin like it."""
    try:
        media_type = MediaType(declared)
    except ValueError as cause:
        raise NotThatType from cause
    if not content.startswith(BEGINNINGS[media_type]):
        raise NotThatType
    return media_type
