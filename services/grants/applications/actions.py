"""What is done to applications under a call's rules: submit, renew, award, conclude."""

from datetime import datetime
from uuid import UUID

from services.grants.applications import store
from services.grants.applications.case import Case, Desk, take, to_sign, unmet
from services.grants.applications.models import Application
from services.grants.applications.rules import (
    ApplicationNotReady,
    NoAttemptsLeft,
    NotAllSigned,
    NotComposed,
    PutOut,
    Status,
    move,
    put_out,
    renewed,
)
from services.grants.calls.rules import NotOpen, open_at
from services.grants.consortia import store as consortia
from services.grants.consortia.rules import Answer, NotTheLead
from services.grants.parties import acting
from services.kit.columns import now
from services.kit.refusals import NotFound


async def submit(desk: Desk, key: UUID) -> Application | NotComposed:
    """Submit a draft that all members have signed; rules not met are given back."""
    case = await take(desk, key, in_force=False)
    by_lead(desk, case.application)
    status, call = move(case.application.status, Status.SUBMITTED), case.call
    if not open_at(call.status, call.opens_at, call.closes_at, now()):
        raise NotOpen
    return await _enter(desk, case, status, None)


async def renew(desk: Desk, key: UUID) -> Application | NotComposed:
    """Let an application rest on other terms, which all their members have signed.

    It goes on as the award it was or, if it was none yet, is assessed anew.
    """
    case = await take(desk, key, in_force=False)
    application = case.application
    by_lead(desk, application)
    onward = renewed(application.awarded_at)
    changed = application.offered != application.terms
    if application.status is not Status.AWARDED or not changed:
        move(application.status, onward)
    await _nobody_put_out(desk, case)
    return await _enter(desk, case, onward, application.submitted_at)


async def award(desk: Desk, key: UUID) -> Application | NotComposed:
    """Award a ranked application of one's own call, if its rules still hold."""
    case = await take(desk, key, in_force=True)
    application = case.application
    if application.agency != desk.caller.agency:
        raise NotFound
    status = move(application.status, Status.AWARDED)
    if (refusal := await unmet(desk, case)) is not None:
        return refusal
    application.status, application.awarded_at = status, now()
    await desk.tell("application:award", application.id)
    return application


async def conclude(desk: Desk, key: UUID) -> Application:
    """Put on record that an award has ended: it hinders no other funding now."""
    application = await store.find(desk.session, desk.caller, key, hold=True)
    if application.awarded_at is None or application.concluded_at is not None:
        raise ApplicationNotReady
    application.concluded_at = now()
    await desk.tell("application:conclude", application.id)
    return application


def by_lead(desk: Desk, application: Application) -> None:
    if application.lead != acting(desk.caller):
        raise NotTheLead


async def _nobody_put_out(desk: Desk, case: Case) -> None:
    resting_on = [one for one in (case.application.terms,) if one is not None]
    before = await consortia.members(desk.session, desk.caller, resting_on)
    left = [one.organisation for one in before if one.answer is Answer.WITHDREW]
    if put_out([one.organisation for one in before], left, case.organisations):
        raise PutOut


async def _enter(
    desk: Desk, case: Case, onward: Status, since: datetime | None
) -> Application | NotComposed:
    """Check signatures, attempts and rules; then let the application go onward."""
    application = case.application
    digest = await to_sign(desk, application, case.terms)
    signed = await store.signed(desk.session, desk.caller, application.id, digest)
    if not {one.organisation for one in signed}.issuperset(case.organisations):
        raise NotAllSigned
    tried = await store.tried(desk.session, desk.caller, application, since)
    if tried >= case.call.attempts:
        raise NoAttemptsLeft
    if (refusal := await unmet(desk, case)) is not None:
        return refusal
    await _rest(desk, case, digest)
    if onward is Status.SUBMITTED:
        application.round += application.submitted_at is not None
        application.submitted_at = application.submitted_at or now()
    application.status = onward
    await desk.tell("application:enter", application.id, status=onward, digest=digest)
    return application


async def _rest(desk: Desk, case: Case, digest: str) -> None:
    """Bind the application to its terms, and let the call's agency read both."""
    application, terms = case.application, case.terms
    consortium = await consortia.held(desk.session, desk.caller, application.consortium)
    agency = application.agency
    application.terms, application.digest = terms.id, digest
    application.readers = [*(str(one) for one in case.organisations), agency]
    terms.readers = sorted({*terms.readers, agency})
    consortium.readers = sorted({*consortium.readers, agency})
