"""What beneficiaries tells by its feeds: of registrations by their ids, no more."""

from enum import StrEnum
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


SERVICES_HEAR = {Happened.WITHDRAWN, Happened.ERASED, Happened.CONSENT_WITHDRAWN}


def told(
    happened: Happened, caller: Caller, registration: UUID, **about: str
) -> list[Event]:
    """Tell the caller's agency, and the services where it concerns them."""
    own = Event(happened, registration, caller.agency, dict(about))
    if happened not in SERVICES_HEAR:
        return [own]
    return [own, Event(happened, registration, None, {"agency": caller.agency} | about)]
