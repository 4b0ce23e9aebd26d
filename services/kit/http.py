"""How a service speaks HTTP: strict bodies, problems (RFC 9457), no unknown filter."""

import logging
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from services.kit.callers import authenticated, bearer
from services.kit.refusals import (
    PROBLEM,
    Invalid,
    NotFound,
    Refusal,
    TooLarge,
    pointer,
)
from services.kit.telemetry import App, Message, Receive, Scope, Send, trace_id

log = logging.getLogger("uramost")
TRACE = "0af7651916cd43dd8448eb211c80319c"  # an example


class Body(BaseModel):
    """What a caller sends: a field nobody knows is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """What leaves: listed field by field, inherited from no table."""

    model_config = ConfigDict(from_attributes=True)


class Flaw(BaseModel):
    """What is wrong with a request, and where (RFC 6901); never what was sent."""

    pointer: str
    reason: str


class Problem(BaseModel):
    """A refusal as it travels (RFC 9457); `trace` names the request to an operator."""

    type: str
    title: str
    status: int
    trace: str
    errors: list[Flaw] = Field(default_factory=list)


def problem(refusal: Refusal) -> JSONResponse:
    return JSONResponse(
        refusal.problem() | {"trace": trace_id()},
        refusal.status,
        headers=dict(refusal.headers),
        media_type=PROBLEM,
    )


async def answer_refusal(_: Request, refusal: Exception) -> JSONResponse:
    if not isinstance(refusal, Refusal):
        raise refusal
    return problem(refusal)


async def answer_invalid(_: Request, invalid: Exception) -> JSONResponse:
    """Say where and why, and leave out the value that pydantic would repeat."""
    errors = invalid.errors() if isinstance(invalid, RequestValidationError) else []
    reasons = [
        {"pointer": pointer(error["loc"]), "reason": error["msg"]} for error in errors
    ]
    return problem(Invalid(*reasons))


KNOWN: dict[int, type[Refusal]] = {
    HTTPStatus.BAD_REQUEST: Invalid,  # a body that is no JSON, or not in UTF-8
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge,
}


async def answer_missing(_: Request, missing: Exception) -> JSONResponse:
    """Answer an unknown path like an unknown record; other HTTP errors by status."""
    status = missing.status_code if isinstance(missing, HTTPException) else 500
    if status in KNOWN:
        return problem(KNOWN[status]())
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "trace": trace_id(),
    }
    headers = getattr(missing, "headers", None)
    return JSONResponse(body, status, headers=headers, media_type=PROBLEM)


async def answer_fault(_: Request, __: Exception) -> JSONResponse:
    """Answer a bug; whoever raised it is told on the log by `Guarded`."""
    return JSONResponse(FAULT | {"trace": trace_id()}, 500, media_type=PROBLEM)


async def refuse_unknown_filters(request: Request) -> None:
    """Refuse a query parameter that the operation does not document.

    A stranger is refused as one first: it learns nothing of the operation.
    """
    if not request.query_params:
        return
    path = request.app.openapi()["paths"].get(request.scope["route"].path, {})
    operation = path.get(request.method.lower(), {})
    if "security" in operation:
        await authenticated(request, await bearer(request))
    listed = operation.get("parameters", [])
    known = {one["name"] for one in listed if one["in"] == "query"}
    if request.query_params.keys() - known:
        reason = "This operation has no such filter."
        raise Invalid({"pointer": "/query", "reason": reason})


def answer_refusals(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_missing)
    app.add_exception_handler(Exception, answer_fault)


def refusing(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """Write refusals into the OpenAPI document: what is raised is what is promised.

    Whatever else an operation finds unprocessable, a request can also be invalid.
    """
    by_status: dict[HTTPStatus, list[type[Refusal]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    unprocessable = by_status.get(Invalid.status, [Invalid])
    if Invalid not in unprocessable:
        unprocessable.append(Invalid)
    return {status.value: _documented(status, of) for status, of in by_status.items()}


def _documented(status: HTTPStatus, kinds: Sequence[type[Refusal]]) -> dict[str, Any]:
    """Describe an answer: a problem, and of all types one of these."""
    shown = {
        kind.__name__: {"value": kind().problem() | {"trace": TRACE}} for kind in kinds
    }
    here = {
        "type": {"type": "string", "enum": [kind.kind() for kind in kinds]},
        "status": {"type": "integer", "const": status.value},
    }
    one = {"type": "object", "properties": here, "required": list(here)}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, one]}
    return {
        "description": status.phrase,
        "content": {PROBLEM: {"schema": schema, "examples": shown}},
    }


LARGEST = "uramost.largest"  # where an operation that takes more says how much


class Bounded:
    """Refuses a body as soon as it is longer than service or operation accepts."""

    def __init__(self, app: App, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = 0

        async def counting() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            # FastAPI lets only its own exceptions out of a body.
            if length > scope.get(LARGEST, self.most):
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, counting, send)


class Guarded:
    """The outermost wrapper: a bug becomes a 500 and a log line without its message.

    The text of an exception may hold somebody's data; its class and place do not.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as bug:  # noqa: BLE001 -- the last place that may catch it
            log.error("%s", describe(bug))  # noqa: TRY400 -- a traceback prints the message
            if scope["type"] == "http" and not started:
                await JSONResponse(
                    FAULT | {"trace": trace_id()}, 500, media_type=PROBLEM
                )(scope, receive, send)


FAULT = {
    "type": "about:blank",
    "title": "Something went wrong here; the request was not carried out.",
    "status": 500,
}


def describe(bug: BaseException) -> str:
    """Give the class of an exception and where it came from, without its words."""
    frames = traceback.extract_tb(bug.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(bug).__name__} in {places} (trace {trace_id()})"
