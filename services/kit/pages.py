"""Cursor pages: a list is read forward, from a mark that only the registry reads."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.kit.refusals import Invalid

LARGEST = 200
View = TypeVar("View")


class PageQuery(BaseModel):
    """Which part of a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = 50
    cursor: Annotated[str | None, Field(max_length=64)] = None

    @property
    def fetched(self) -> int:
        """One more than is shown: it tells whether there is another page."""
        return self.limit + 1

    def after(self) -> UUID | None:
        return None if self.cursor is None else read_cursor(self.cursor)


class Page(BaseModel, Generic[View]):
    """A part of a list; `next` is null on the last one."""

    items: list[View]
    next: str | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        cls.__doc__ = Page.__doc__  # a page of something says what a page is


Paged = Annotated[PageQuery, Query()]


Row = TypeVar("Row")


def page_of(
    found: Sequence[Row], limit: int, view: Callable[[Row], View]
) -> Page[View]:
    """Make a page of rows that have an id, from one row more than it shows."""
    shown = found[:limit]
    return Page(items=[view(one) for one in shown], next=following(found, limit))


def following(found: Sequence[Any], limit: int) -> str | None:
    """Give the cursor behind a page, if the one row more is there."""
    return cursor(found[limit - 1].id) if len(found) > limit else None


def cursor(last: UUID) -> str:
    return urlsafe_b64encode(last.bytes).decode().rstrip("=")


def read_cursor(text: str) -> UUID:
    try:
        return UUID(bytes=urlsafe_b64decode(text + "=="))
    except ValueError as cause:
        wrong = {"pointer": "/query/cursor", "reason": "Not a cursor of this list."}
        raise Invalid(wrong) from cause
