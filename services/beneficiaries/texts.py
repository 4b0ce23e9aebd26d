"""Texts as a form takes them: composed, printable, and of their kind."""

import unicodedata
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field

from services.beneficiaries.places import PLACES, unplaced

UNREACHABLE = frozenset({"AQ", "BV", "GS", "HM", "PN", "TF", "UM"})  # no telephones
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS) | UNREACHABLE
PHONE_REGIONS = ("XK", "RS")  # a number without a prefix is read as from here


def _clean(value: object) -> object:
    """Strip and compose; whatever is not text is left for the type to refuse."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _printable(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in text):
        message = "must not contain control characters"
        raise ValueError(message)
    return text


def _lettered(text: str) -> str:
    if not any(sign.isalpha() for sign in text):
        message = "must contain at least one letter"
        raise ValueError(message)
    return text


def _known_place(code: str) -> str:
    if code not in PLACES:
        raise ValueError(unplaced(code))
    return code


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        message = "is not an ISO 3166-1 alpha-2 code"
        raise ValueError(message)
    return code


def _e164(written: str) -> str:
    for region in PHONE_REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(
                number, phonenumbers.PhoneNumberFormat.E164
            )
    message = "is not a possible phone number"
    raise ValueError(message)


Text = Annotated[str, BeforeValidator(_clean), AfterValidator(_printable)]
Name = Annotated[Text, Field(min_length=1, max_length=200), AfterValidator(_lettered)]
Phone = Annotated[Text, Field(max_length=40), AfterValidator(_e164)]
Country = Annotated[Text, AfterValidator(_known_country)]
PlaceCode = Annotated[Text, AfterValidator(_known_place)]
