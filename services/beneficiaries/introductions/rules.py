"""What an introduction says, how it is sealed, and when it is in force."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.beneficiaries.protection.rules import Agreed, NotDisclosed, consenting
from services.kit.purposes import Purpose
from services.kit.refusals import NotFound, Refusal
from services.kit.sealing import CannotOpen, DataKey, Personal, Place


class IntroducedToNobody(Refusal):
    """The person has no consent to employment in force, and is introduced to nobody."""

    status = HTTPStatus.CONFLICT


class Introduction(BaseModel):
    """Who lets whom know who somebody is, until when, and by which consent."""

    model_config = ConfigDict(frozen=True)

    agency: str
    organisation: UUID
    phones: bool
    until: datetime
    consent: UUID


def place(registration: UUID) -> Place:
    return Place("introduction", "sealed", registration)


def seal(key: DataKey, registration: UUID, introduction: Introduction) -> str:
    """Seal by the registration's own key: with that, every introduction is erased."""
    plain = introduction.model_dump_json().encode()
    return urlsafe_b64encode(key.seal(plain, place(registration))).decode()


def opened(key: DataKey, registration: UUID, sealed: str) -> Introduction:
    """Open what was sealed here for this registration; all else is not there."""
    try:
        plain = key.open(Personal(urlsafe_b64decode(sealed)), place(registration))
    except (CannotOpen, ValueError) as cause:
        raise NotFound from cause
    return Introduction.model_validate_json(plain)


def agreed_to(consents: Iterable[Agreed], now: datetime) -> Agreed:
    """Find the consent by which somebody may be introduced to an employer."""
    try:
        return consenting(consents, Purpose.EMPLOYMENT, now)
    except NotDisclosed as cause:
        raise IntroducedToNobody from cause


def require_in_force(
    introduction: Introduction,
    organisation: str | None,
    consents: Iterable[Agreed],
    now: datetime,
) -> None:
    """Refuse any other organisation, the time after, and a consent taken back.

    A consent that is given anew opens no introduction of before.
    """
    meant = str(introduction.organisation) == organisation
    own = [one for one in consents if one.id == introduction.consent]
    if not meant or introduction.until <= now:
        raise NotFound
    try:
        agreed_to(own, now)
    except IntroducedToNobody as cause:
        raise NotFound from cause
