"""What beneficiaries tells by its feeds: of registrations by their ids, no more."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kit.callers import Caller
from services.kit.outbox import Event


class Happened(StrEnum):
    """The types of events; the services hear of persons, agencies of their own."""

    MERGED = "person.merged"
    SPLIT = "person.split"
    RECORDED = "registration.recorded"
    CORRECTED = "registration.corrected"
    WITHDRAWN = "registration.withdrawn"
    ERASED = "registration.erased"
    REGROUPED = "registration.regrouped"
    CONSENT_RECORDED = "consent.recorded"
    CONSENT_WITHDRAWN = "consent.withdrawn"


SERVICES_HEAR = {
    Happened.RECORDED,
    Happened.WITHDRAWN,
    Happened.ERASED,
    Happened.CONSENT_WITHDRAWN,
}


def told(
    happened: Happened, caller: Caller, registration: UUID, **about: str
) -> list[Event]:
    """Tell the caller's agency, and the services where it concerns them.

    A registration begins as a person of its own. Its first move may be told before, by
    the same transaction: `moves` says which of the two came later.
    """
    own = Event(happened, registration, caller.agency, dict(about))
    if happened not in SERVICES_HEAR:
        return [own]
    heard: dict[str, Any] = {"agency": caller.agency} | about
    if happened is Happened.RECORDED:
        heard |= {"person": str(registration), "moves": 0}
    return [own, Event(happened, registration, None, heard)]
