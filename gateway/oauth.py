"""The OAuth 2.0 face of the gateway: tokens, keys and what it says of itself."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.clients import Shown, authenticate, life_with, shown_in
from gateway.identity import Granted, Identity, caller_of
from gateway.policy import permissions
from gateway.visit import KEY, Visit
from services.kit.checkpoints import KeyView
from services.kit.http import View, refusing
from services.kit.purposes import Purpose
from services.kit.refusals import Unavailable

FORM: Final = "application/x-www-form-urlencoded"
LONGEST: Final = 16_384
FIELDS: Final = 16
CHALLENGE: Final = {"www-authenticate": 'Basic realm="uramost"'}
router = APIRouter(tags=["access"], responses=refusing(Unavailable))


class TokenView(View):
    """An access token (RFC 6749 §5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str | None = None


class KeysView(View):
    """Public keys (RFC 7517 §5)."""

    keys: list[KeyView]


class ServerView(View):
    """What an authorisation server says of itself (RFC 8414 §2)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    service_documentation: str


class Error(StrEnum):
    """OAuth's own words for what is wrong (RFC 6749 §5.2, RFC 8693 §2.2.2)."""

    INVALID_CLIENT = "invalid_client"
    INVALID_REQUEST = "invalid_request"
    INVALID_SCOPE = "invalid_scope"
    INVALID_TARGET = "invalid_target"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"


class OAuthErrorView(View):
    """A refusal in OAuth's own form (RFC 6749 §5.2)."""

    error: Error


class Declined(Exception):  # noqa: N818 -- an answer, not a fault
    """A refusal in the words of OAuth."""

    def __init__(self, error: Error) -> None:
        super().__init__(error)
        self.error = error

    def answer(self) -> JSONResponse:
        stranger = self.error is Error.INVALID_CLIENT
        return JSONResponse(
            {"error": self.error},
            HTTPStatus.UNAUTHORIZED if stranger else HTTPStatus.BAD_REQUEST,
            headers=CHALLENGE if stranger else {},
        )


def declining(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    return {
        status.value: {"model": OAuthErrorView, "description": status.phrase}
        for status in statuses
    }


def form_body(required: Mapping[str, str], optional: Mapping[str, str]) -> Any:  # noqa: ANN401 -- FastAPI's own type for it
    """Describe a form for the OpenAPI document; OAuth's errors need our own reading."""
    described = {**required, **optional}
    schema = {
        "type": "object",
        "required": list(required),
        "properties": {
            name: {"type": "string", "description": text}
            for name, text in described.items()
        },
    }
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


async def form_of(request: Request) -> dict[str, str]:
    """Read a form in which nothing is said twice (RFC 6749 §3.2)."""
    body = await _short(request)
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != FORM:
        raise Declined(Error.INVALID_REQUEST)
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, strict_parsing=True, max_num_fields=FIELDS)
    except ValueError as cause:
        raise Declined(Error.INVALID_REQUEST) from cause
    form = dict(pairs)
    if len(form) != len(pairs):
        raise Declined(Error.INVALID_REQUEST)
    return form


async def _short(request: Request) -> bytes:
    """Read a body only as far as it may go: whoever sends it is nobody yet."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            raise Declined(Error.INVALID_REQUEST)
    return body


TOKEN_FORM = form_body(
    {"grant_type": "Always `client_credentials`."},
    {
        "client_id": "Here or in HTTP Basic.",
        "client_secret": "Here or in HTTP Basic.",
        "purpose": f"One of {', '.join(Purpose)}, where it was granted to the client.",
        "scope": "Permissions to narrow the token to, separated by spaces.",
    },
)


@router.post(
    "/token",
    response_model=TokenView,
    response_model_exclude_none=True,
    responses=declining(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED),
    openapi_extra=TOKEN_FORM,
)
async def issue_token(request: Request) -> object:
    """Obtain an access token with a client's own credentials (RFC 6749 §4.4)."""
    try:
        form = await form_of(request)
        return await _granted(request, form)
    except Declined as declined:
        return declined.answer()


async def _granted(request: Request, form: Mapping[str, str]) -> TokenView:
    shown = _credentials(request.headers.get("authorization"), form)
    visit: Visit = request.scope[KEY]
    identity: Identity = request.app.state.identity
    async with request.app.state.database.pool.acquire() as connection:
        found = None if shown is None else await authenticate(connection, shown)
        if found is None:
            raise Declined(Error.INVALID_CLIENT)
        visit.caller = caller_of(found.claims())
        if form.get("grant_type") != "client_credentials":
            raise Declined(Error.UNSUPPORTED_GRANT_TYPE)
        granted = _narrowed(found, form)
        life = await life_with(connection, granted.client, granted.purpose)
    if life is None:
        raise Declined(Error.INVALID_SCOPE)
    visit.caller = caller_of(granted.claims())
    return TokenView(
        access_token=identity.issue(granted, life),
        token_type="Bearer",  # noqa: S106 -- the type's name, not a secret
        expires_in=int(life.total_seconds()),
        scope=form.get("scope"),
    )


def _credentials(header: str | None, form: Mapping[str, str]) -> Shown | None:
    """Take credentials from one place; whoever shows them in two has shown none."""
    in_form = "client_secret" in form
    if header is not None:
        return None if in_form else shown_in(header)
    return Shown(form.get("client_id", ""), form["client_secret"]) if in_form else None


def _narrowed(found: Granted, form: Mapping[str, str]) -> Granted:
    scope = frozenset(form["scope"].split()) if "scope" in form else None
    if scope is not None and not scope <= permissions(found.roles):
        raise Declined(Error.INVALID_SCOPE)
    return Granted(
        client=found.client,
        agency=found.agency,
        organisation=found.organisation,
        roles=found.roles,
        purpose=form.get("purpose"),
        scope=scope,
    )


@router.get("/.well-known/jwks.json")
async def list_keys(request: Request) -> KeysView:
    """List the public keys by which access tokens can be verified (RFC 7517)."""
    return KeysView(keys=[KeyView.model_validate(request.app.state.identity.public)])


@router.get("/.well-known/oauth-authorization-server")
async def describe_server(request: Request) -> ServerView:
    """Describe this authorisation server (RFC 8414)."""
    issuer = request.app.state.issuer
    base = issuer.rstrip("/")
    return ServerView(
        issuer=issuer,
        token_endpoint=f"{base}/token",
        jwks_uri=f"{base}/.well-known/jwks.json",
        grant_types_supported=["client_credentials"],
        response_types_supported=[],
        token_endpoint_auth_methods_supported=[
            "client_secret_basic",
            "client_secret_post",
        ],
        service_documentation=f"{base}/docs",
    )
