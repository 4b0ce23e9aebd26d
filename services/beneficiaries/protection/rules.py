"""What protection decides: communities, consents in force, disclosures, roots."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from services.kit.purposes import Purpose
from services.kit.refusals import Refusal


class Community(StrEnum):
    """Ethnic communities of the region, as people declare them themselves."""

    ALBANIAN = "albanian"
    SERB = "serb"
    ROMA = "roma"
    ASHKALI = "ashkali"
    EGYPTIAN = "egyptian"
    BOSNIAK = "bosniak"
    TURK = "turk"
    GORANI = "gorani"
    MONTENEGRIN = "montenegrin"
    CROAT = "croat"
    OTHER = "other"


class Communities(BaseModel):
    """Self-declared, optional, several possible; not telling is not "unknown"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    declared: tuple[Community, ...] = ()
    prefers_not_to_say: bool = False

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if self.declared and self.prefers_not_to_say:
            message = "declares communities and prefers not to say at once"
            raise ValueError(message)
        return self


class NotDisclosed(Refusal):
    """No consent in force covers this disclosure for the purpose you act for."""

    status = HTTPStatus.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent, as far as a disclosure asks."""

    id: UUID
    purpose: Purpose
    given_at: datetime
    until: datetime
    withdrawn_at: datetime | None


def consenting(
    consents: Iterable[Agreed], purpose: str | None, now: datetime
) -> Agreed:
    """Find the consent that covers a purpose at a moment; none is a refusal."""
    for consent in consents:
        ended = consent.withdrawn_at is not None or consent.until <= now
        if consent.purpose == purpose and consent.given_at <= now and not ended:
            return consent
    raise NotDisclosed
