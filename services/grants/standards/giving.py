"""Awards as 360Giving reads them (version 1.3 of its schema), a grant at a time."""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import date
from typing import Any, Final

import msgspec

from services.grants.plans.rules import Language, Sector
from services.grants.standards.purposes import PURPOSES
from services.grants.standards.rules import (
    Grant,
    Publisher,
    identifier,
    place_name,
    reference,
    said_in,
)

MEDIA: Final = "application/json"
LONGEST_TITLE: Final = 140  # as the standard asks
ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


async def package(
    publisher: Publisher, issued: date, grants: AsyncIterable[Grant]
) -> AsyncIterator[bytes]:
    """Write a package, each grant as soon as it is read."""
    head = {
        "version": "1.3",
        "issued": issued.isoformat(),
        "publisher": {"identifier": publisher.reference, "name": publisher.name},
    }
    yield ENCODER.encode(head)[:-1] + b',"grants":['
    before = b""
    async for grant in grants:
        yield before + ENCODER.encode(written(grant, publisher))
        before = b","
    yield b"]}"


def written(grant: Grant, publisher: Publisher) -> dict[str, Any]:
    """Write one grant.

    It has no country code: the schema's list of countries lacks Kosovo.
    """
    return {
        "id": identifier(grant, publisher),
        "title": title(grant),
        "description": description(grant),
        "currency": grant.currency,
        "amountAwarded": grant.amount,
        "amountDisbursed": grant.disbursed,
        "awardDate": grant.awarded_on.isoformat(),
        "plannedDates": [period(grant)],
        "recipientOrganization": [
            named(reference(one, publisher), one.name) for one in grant.recipients
        ],
        "fundingOrganization": [named(publisher.reference, publisher.name)],
        "beneficiaryLocation": [
            named(place, place_name(place)) for place in grant.municipalities
        ],
        "grantProgramme": [{"code": str(grant.call), "title": grant.call_title}],
        "fromOpenCall": "Yes",
        "classifications": [classified(sector) for sector in grant.sectors],
    }


def named(identifier: str, name: str) -> dict[str, str]:
    return {"id": identifier, "name": name}


def period(grant: Grant) -> dict[str, str]:
    return {
        "startDate": grant.starts_on.isoformat(),
        "endDate": grant.ends_on.isoformat(),
    }


def title(grant: Grant) -> str:
    whole = f"Grant under “{grant.call_title}”"
    return whole if len(whole) <= LONGEST_TITLE else whole[: LONGEST_TITLE - 1] + "…"


def description(grant: Grant) -> str:
    """Say what the grant is for in the words of public plans, and in no others."""
    said = (said_in(language, grant) for language in (Language.EN, *Language))
    serves = next((text for text in said if text), "")
    sentence = "Awarded after an open call to organisations that applied together."
    return f"{sentence} Priorities: {serves}." if serves else sentence


def classified(sector: Sector) -> dict[str, str]:
    purpose = PURPOSES[sector]
    return {
        "vocabulary": "OECD DAC CRS Purpose Codes",
        "code": purpose.code,
        "title": purpose.name,
    }
