"""What is recorded of an organisation, and what recording the same again means."""

from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.kit.refusals import Refusal

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
PLACE_CODE = r"^[a-z]+(-[a-z]+)*$"
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE
    ),
]
Number = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=64, pattern=PRINTABLE
    ),
]
PlaceCode = Annotated[str, StringConstraints(max_length=40, pattern=PLACE_CODE)]


class OtherOrganisation(Refusal):
    """Another organisation of yours is recorded under this registration number."""

    status = HTTPStatus.CONFLICT


class Kind(StrEnum):
    """What sort of body an organisation is."""

    CSO = "cso"
    BUSINESS = "business"
    MUNICIPALITY = "municipality"
    MINISTRY = "ministry"
    BUSINESS_ADVISORY_CENTRE = "business_advisory_centre"


class Content(BaseModel):
    """What an agency records about an organisation.

    `registration_number` is the public registry's; without one every record is new.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    kind: Kind
    registration_number: Number | None = None
    municipality: PlaceCode | None = None
