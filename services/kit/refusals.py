"""Refusals: the answers of a service that understood a request and declines it.

Refusal
├── Unauthenticated   401  nobody knows who asks
├── NotPermitted      403  known, but the roles do not carry the permission
├── NotFound          404  absent or hidden: the same bytes
├── Invalid           422  the request contradicts what the operation accepts
├── TooLarge          413  the body is longer than the operation accepts
└── Unavailable       503  a part that the answer needs does not answer

Each slice adds its own beside its rules. Whatever is not a Refusal is a bug: a 500.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

PROBLEM = "application/problem+json"
BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not a fault
    """A request understood and declined.

    A subclass states its status once; the first line of its docstring is the sentence
    the caller reads, its name the problem's type. It carries no value of a request.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    headers: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def kind(cls) -> str:
        """Name the problem as RFC 9457 wants it: a URI that never changes."""
        return f"urn:uramost:problem:{BREAK.sub('-', cls.__name__).lower()}"

    def problem(self) -> dict[str, object]:
        return {
            "type": self.kind(),
            "title": (type(self).__doc__ or "").splitlines()[0],
            "status": self.status.value,
        }


class Unauthenticated(Refusal):
    """Who is asking could not be established."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[Mapping[str, str]] = {"www-authenticate": "Bearer"}


class NotPermitted(Refusal):
    """The caller's roles do not carry the permission that this operation needs."""

    status = HTTPStatus.FORBIDDEN


class NotFound(Refusal):
    """There is no such record that the caller may know of."""

    status = HTTPStatus.NOT_FOUND


class Invalid(Refusal):
    """The request contradicts what this operation accepts; nothing was done."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, *errors: Mapping[str, str]) -> None:
        """Take what is wrong as `{"pointer": …, "reason": …}`, without the values."""
        super().__init__()
        self.errors = errors

    def problem(self) -> dict[str, object]:
        return super().problem() | {"errors": list(self.errors)}


def pointer(location: tuple[str | int, ...]) -> str:
    """Write the place of an error as a JSON pointer (RFC 6901)."""
    return "/" + "/".join(str(part) for part in location)


class TooLarge(Refusal):
    """The body is longer than this operation accepts."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Unavailable(Refusal):
    """A part that the answer needs does not answer just now; try again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[Mapping[str, str]] = {"retry-after": "1"}
