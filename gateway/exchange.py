"""The exchange of passports (RFC 8693): a service asks another for the same subject.

For what no caller is behind, it is given one in its own name (RFC 6749 §4.4): the feed
that it follows. The courier gets an access token instead: it goes through the door.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from pydantic import SecretStr

from gateway.clients import shown_in
from gateway.oauth import Declined, Error, declining, form_body, form_of
from gateway.passports import LIFE, Passports
from gateway.policy import permissions
from gateway.revocations import Revocations
from gateway.routes import EXCHANGES, ITSELF
from gateway.visit import KEY, Visit
from gateway.webhooks.lending import ACCESS, lend
from gateway.webhooks.rules import COURIER, WEBHOOK
from services.kit.callers import Caller
from services.kit.http import View, refusing
from services.kit.refusals import Unauthenticated, Unavailable

OWN: Final = "client_credentials"
GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
GRANTS: Final = {GRANT: EXCHANGES, OWN: ITSELF}
router = APIRouter(tags=["access"], responses=refusing(Unavailable))


class ExchangeView(View):
    """A passport for another service, or the courier's token (RFC 8693 §2.2.1)."""

    access_token: str
    issued_token_type: str
    token_type: str
    expires_in: int


EXCHANGE_FORM = form_body(
    {
        "grant_type": f"`{GRANT}`; or `{OWN}`, to act for itself.",
    },
    {
        "audience": "The service to be asked.",
        "subject_token": "The passport that the service was shown, or the webhook.",
        "subject_token_type": f"`{JWT}`; the courier's: `{WEBHOOK}`.",
    },
)


@router.post(
    "/exchange",
    response_model=ExchangeView,
    responses=declining(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED),
    openapi_extra=EXCHANGE_FORM,
)
async def exchange_passport(request: Request) -> object:
    """Exchange a passport for one of another service; for the services only."""
    try:
        actor, form = _actor(request), await form_of(request)
        if actor == COURIER:
            return await _lent(request, form)
        return _exchanged(request, actor, form)
    except Declined as declined:
        return declined.answer()


async def _lent(request: Request, form: Mapping[str, str]) -> ExchangeView:
    if form.get("grant_type") != GRANT:
        raise Declined(Error.UNSUPPORTED_GRANT_TYPE)
    named = form.get("subject_token_type") == WEBHOOK
    lent = await lend(request, form.get("subject_token", "")) if named else None
    if lent is None:
        raise Declined(Error.INVALID_REQUEST)
    token, life = lent
    return ExchangeView(
        access_token=token,
        issued_token_type=ACCESS,
        token_type="Bearer",  # noqa: S106 -- the type's name, not a secret
        expires_in=int(life.total_seconds()),
    )


def _actor(request: Request) -> str:
    secrets: Mapping[str, SecretStr] = request.app.state.exchange_secrets
    shown = shown_in(request.headers.get("authorization"))
    if shown is None or shown.name not in secrets:
        raise Declined(Error.INVALID_CLIENT)
    expected = secrets[shown.name].get_secret_value().encode()
    if not hmac.compare_digest(expected, shown.secret.encode()):
        raise Declined(Error.INVALID_CLIENT)
    return shown.name


def _exchanged(request: Request, actor: str, form: Mapping[str, str]) -> ExchangeView:
    grant, audience = form.get("grant_type"), form.get("audience", "")
    if grant not in GRANTS:
        raise Declined(Error.UNSUPPORTED_GRANT_TYPE)
    allowed = GRANTS[grant].get((actor, audience))
    if allowed is None:
        raise Declined(Error.INVALID_TARGET)
    if grant == OWN:
        caller = itself(actor, allowed)
    elif form.get("subject_token_type") == JWT:
        subject = _subject(request, actor, form.get("subject_token", ""))
        caller = acting(subject, actor, allowed)
    else:
        raise Declined(Error.INVALID_REQUEST)
    visit: Visit = request.scope[KEY]
    visit.caller = caller
    passports: Passports = request.app.state.signing
    return ExchangeView(
        access_token=passports.passport(caller, audience, allowed),
        issued_token_type=JWT,
        token_type="N_A",  # noqa: S106 -- RFC 8693's word: it is shown as a passport
        expires_in=int(LIFE.total_seconds()),
    )


def _subject(request: Request, actor: str, passport: str) -> Caller:
    signing: Passports = request.app.state.signing
    revocations: Revocations = request.app.state.revocations
    try:
        claims = signing.read(passport, actor)
        revocations.refuse_revoked(claims)
        return Caller.of(claims)
    except Unauthenticated as cause:
        raise Declined(Error.INVALID_REQUEST) from cause


def acting(subject: Caller, actor: str, allowed: frozenset[str]) -> Caller:
    """Give the subject in another's hands: what both may do, and no link of others."""
    held = subject.permissions & permissions(subject.roles) & allowed
    return replace(subject, actor=actor, permissions=held, agreed=())


def itself(actor: str, allowed: frozenset[str]) -> Caller:
    """Give a service in its own name; its agency is nobody's, and opens no rows."""
    return Caller(actor, actor, f"service:{actor}", allowed)
