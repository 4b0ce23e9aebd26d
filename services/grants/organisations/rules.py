"""What is recorded of an organisation, and what recording the same again means."""

import re
import unicodedata
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.kit.refusals import Refusal
from services.kit.texts import Line, PlaceCode

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
MOST_NAMES = 20
Number = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=64, pattern=PRINTABLE
    ),
]


class OtherOrganisation(Refusal):
    """Another organisation is recorded under this registration number."""

    status = HTTPStatus.CONFLICT


class RecordedByAnother(Refusal):
    """Another tenant has recorded this organisation, and only it may do this."""

    status = HTTPStatus.FORBIDDEN


class NotLasting(Refusal):
    """One of the two records has been found to be the same as yet another."""

    status = HTTPStatus.CONFLICT


class TooManyNames(Refusal):
    """This organisation has as many names as a record can hold."""

    status = HTTPStatus.CONFLICT


class Kind(StrEnum):
    """What sort of body an organisation is."""

    CSO = "cso"
    BUSINESS = "business"
    MUNICIPALITY = "municipality"
    MINISTRY = "ministry"
    BUSINESS_ADVISORY_CENTRE = "business_advisory_centre"


class Registry(StrEnum):
    """The public registry that gave an organisation its number."""

    KOSOVO_BUSINESSES = "kosovo_businesses"  # ARBK
    KOSOVO_NGOS = "kosovo_ngos"
    SERBIA_BUSINESSES = "serbia_businesses"  # APR
    OTHER = "other"


class Language(StrEnum):
    """The language of a name."""

    ALBANIAN = "sq"
    SERBIAN = "sr"
    BOSNIAN = "bs"
    TURKISH = "tr"
    ROMANI = "rom"
    ENGLISH = "en"


class Script(StrEnum):
    """The alphabet a name is written in; it is seen, not asked."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    BOTH = "both"


def script(text: str) -> Script:
    alphabets = {
        unicodedata.name(sign, "").split()[0] for sign in text if sign.isalpha()
    }
    if "CYRILLIC" not in alphabets:
        return Script.LATIN
    return Script.BOTH if "LATIN" in alphabets else Script.CYRILLIC


class Spelling(BaseModel):
    """A name as it is also written, in another language or another hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Line
    language: Language | None = None


class Content(BaseModel):
    """What is recorded about an organisation.

    `registration_number` is that of the public registry that `registered_in` names;
    without one every record is new.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    language: Language | None = None
    other_names: Annotated[tuple[Spelling, ...], Field(max_length=MOST_NAMES - 1)] = ()
    kind: Kind
    registered_in: Registry | None = None
    registration_number: Number | None = None
    municipality: PlaceCode | None = None

    @model_validator(mode="after")
    def _a_number_is_some_registrys(self) -> Self:
        if (self.registered_in is None) != (self.registration_number is None):
            message = "a registration number and its registry are told together"
            raise ValueError(message)
        return self

    @property
    def spellings(self) -> tuple[Spelling, ...]:
        """Every name, each once, the first one first."""
        first = Spelling(text=self.name, language=self.language)
        return tuple({one.text: one for one in (first, *self.other_names)}.values())


def bare(number: str | None) -> str | None:
    """Write a number as it is compared: 5110023-8 and 51 10 02 38 are one."""
    if number is None:
        return None
    plain = unicodedata.normalize("NFKC", number).upper()
    return re.sub(r"[\W_]", "", plain) or plain
