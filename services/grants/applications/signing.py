"""Signing: lay the text before the members, sign, submit, renew."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.grants.applications import actions, store
from services.grants.applications.api import LEADING, Applying, held
from services.grants.applications.case import Desk, to_sign
from services.grants.applications.models import Application, Signature
from services.grants.applications.rules import (
    OFFERABLE,
    ApplicationNotReady,
    NoAttemptsLeft,
    NotAllSigned,
    NotComposed,
    PutOut,
)
from services.grants.applications.views import ApplicationView, view
from services.grants.calls.rules import NotOpen
from services.grants.consortia import store as consortia
from services.grants.consortia.rules import (
    ConsortiumNotReady,
    Digest,
    OtherTerms,
    State,
)
from services.grants.parties import NotActing, acting
from services.kit.http import Body, View, problem, refusing
from services.kit.refusals import Invalid, NotFound, NotPermitted, Unauthenticated

router = APIRouter(
    prefix="/applications",
    tags=["applications"],
    responses=refusing(Unauthenticated, NotPermitted, Invalid),
)
ENTERING = (*LEADING, ConsortiumNotReady, NotAllSigned, NoAttemptsLeft, NotComposed)


class Signing(Body):
    """Exactly the text that is signed, named by the digest that was read."""

    digest: Digest


class SignatureView(View):
    """Which member has signed, and when."""

    organisation: UUID
    at: datetime


class TextView(View):
    """The text that lies before the members, and who has signed exactly that."""

    digest: str
    terms: UUID
    signatures: list[SignatureView]


async def text(desk: Desk, application: Application) -> TextView:
    session, caller = desk.session, desk.caller
    if application.offered is None:
        raise ConsortiumNotReady
    terms = await consortia.terms_of(
        session, caller, application.consortium, application.offered
    )
    digest = await to_sign(desk, application, terms)
    signed = await store.signed(session, caller, application.id, digest)
    signatures = [SignatureView.model_validate(one) for one in signed]
    return TextView(digest=digest, terms=terms.id, signatures=signatures)


def answered(
    desk: Desk, outcome: Application | NotComposed
) -> Response | ApplicationView:
    """Answer rules that are not met without raising: the trial is to be committed."""
    if isinstance(outcome, NotComposed):
        return problem(outcome)
    return view(desk.caller, outcome)


@router.post("/{key}/circulation", responses=refusing(*LEADING, ConsortiumNotReady))
async def circulate_application(key: UUID, desk: Applying) -> TextView:
    """Lay the text before the members under the newest terms that all agreed on."""
    application = await held(desk, key)
    if application.status not in OFFERABLE:
        raise ApplicationNotReady
    terms = await consortia.latest(
        desk.session, desk.caller, application.consortium, State.AGREED
    )
    if terms is None:
        raise ConsortiumNotReady
    members = await consortia.members(desk.session, desk.caller, [terms.id])
    named = {str(one.organisation) for one in members}
    application.offered = terms.id
    application.readers = sorted(named.union(application.readers))
    await desk.session.flush()
    await desk.tell("application:circulate", key, terms=str(terms.id))
    return await text(desk, application)


@router.get("/{key}/text", responses=refusing(NotFound, ConsortiumNotReady))
async def read_text(key: UUID, desk: Applying) -> TextView:
    """Read which text lies before the members, and who has signed it."""
    application = await store.find(desk.session, desk.caller, key)
    return await text(desk, application)


@router.post(
    "/{key}/signature",
    responses=refusing(
        NotFound,
        NotPermitted,
        NotActing,
        OtherTerms,
        ApplicationNotReady,
        ConsortiumNotReady,
    ),
)
async def sign_application(key: UUID, signing: Signing, desk: Applying) -> TextView:
    """Sign for your own organisation, and exactly what you have read."""
    own = acting(desk.caller)
    application = await store.find(desk.session, desk.caller, key)
    if application.status not in OFFERABLE:
        raise ApplicationNotReady
    before = await text(desk, application)
    members = await consortia.members(desk.session, desk.caller, [before.terms])
    if own not in {one.organisation for one in members}:
        raise NotFound
    if before.digest != signing.digest:
        raise OtherTerms
    signature = Signature(
        application=key,
        organisation=own,
        digest=signing.digest,
        subject=desk.caller.subject,
        client=desk.caller.client,
    )
    await store.sign(desk.session, signature)
    await desk.tell("application:sign", key, digest=signing.digest)
    return await text(desk, application)


@router.post(
    "/{key}/submission",
    response_model=ApplicationView,
    responses=refusing(*ENTERING, NotOpen),
)
async def submit_application(key: UUID, desk: Applying) -> Response | ApplicationView:
    """Submit what all members have signed. The call's rules are held against it now."""
    return answered(desk, await actions.submit(desk, key))


@router.post(
    "/{key}/renewal",
    response_model=ApplicationView,
    responses=refusing(*ENTERING, PutOut),
)
async def renew_application(key: UUID, desk: Applying) -> Response | ApplicationView:
    """Go on under other terms, after a member has left or shares have changed.

    The call's rules are held against the new members; the old terms stay in force if
    they are not met.
    """
    return answered(desk, await actions.renew(desk, key))
