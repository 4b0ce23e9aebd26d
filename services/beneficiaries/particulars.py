"""What one agency recorded about somebody: checked, normalised, and frozen."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.beneficiaries.texts import Country, Name, Phone, PlaceCode, Text

EARLIEST_YEAR = 1890

_FORMS = {
    "day": re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
    "month": re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)", re.ASCII),
    "year": re.compile(r"(?P<year>\d{4})", re.ASCII),
}
_WRITTEN = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d?)[./] ?(?P<month>\d\d?)[./] ?(?P<year>\d{4})\.?",
        r"(?P<year>\d{4})-(?P<month>\d\d)",
        r"(?P<month>\d\d?)[./](?P<year>\d{4})\.?",
        r"(?P<year>\d{4})\.?",
    )
)


class _Recorded(BaseModel):
    """Refusals do not repeat what was entered: it is personal."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Sex(StrEnum):
    """As the form has it; the linkage reads female and male alone."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How exactly a birth date is known; `value` is as long as that."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class BirthDate(_Recorded):
    """A birth date as far as it is known; the words of an unreadable one are kept."""

    value: Text | None = Field(None, examples=["1990-05-01", "1990-05", "1990"])
    precision: Precision = Precision.UNKNOWN
    as_written: Annotated[Text, Field(max_length=40)] | None = None

    @model_validator(mode="after")
    def _value_fits_precision(self) -> Self:
        if (self.value is None) is not (self.precision is Precision.UNKNOWN):
            message = "a birth date has a value exactly when its precision is known"
            raise ValueError(message)
        if self.as_written and self.value:
            message = "as_written is for a birth date that could not be read"
            raise ValueError(message)
        if self.value is not None and not self._possible():
            message = "is not a possible birth date of this precision"
            raise ValueError(message)
        return self

    def _possible(self) -> bool:
        written = self.value or ""
        estimated = self.precision is Precision.ESTIMATED
        forms = _FORMS.values() if estimated else (_FORMS[self.precision],)
        return any(_day(found) for form in forms if (found := form.fullmatch(written)))

    @property
    def earliest(self) -> date | None:
        """The first day it can mean: the first of the month or of the year."""
        year, month, day = (*self.parts, 0, 0)[:3]
        return date(year, month or 1, day or 1) if year else None

    @property
    def parts(self) -> tuple[int, ...]:
        """Year, month and day, as many as are known; (0,) when none is."""
        return (
            tuple(int(part) for part in self.value.split("-")) if self.value else (0,)
        )

    def possible_on(self, today: date) -> bool:
        """Whether somebody born then can be registered today: not in the future."""
        return self.earliest is None or self.earliest <= today

    @classmethod
    def written(cls, text: str) -> "BirthDate":
        """Read a birth date as files write it; days come before months.

        What cannot be read, or cannot be, is kept in its own words.
        """
        text = " ".join(text.split())
        for form in _WRITTEN:
            if (found := form.fullmatch(text)) and _day(found):
                return cls._read(found)
        return cls(as_written=text[:40] or None)

    @classmethod
    def _read(cls, found: re.Match[str]) -> "BirthDate":
        groups = found.groupdict()
        parts = [groups[name] for name in ("year", "month", "day") if name in groups]
        precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
        return cls(value="-".join(p.zfill(2) for p in parts), precision=precision)


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    if int(groups["year"]) < EARLIEST_YEAR:
        return None
    try:
        return date(
            int(groups["year"]), int(groups.get("month", 1)), int(groups.get("day", 1))
        )
    except ValueError:
        return None


class Names(_Recorded):
    """At least one of given and family name; many people are recorded with one."""

    given: Name | None = Field(None, examples=["Mërgim", "Љубица"])
    family: Name | None = Field(None, examples=["Prekazi-Lushta", "Вељовић"])
    father: Name | None = Field(
        None, description="Patronymic or middle name", examples=["Hysni"]
    )
    former_family: Name | None = Field(
        None, description="Family name before marriage", examples=["Radojković"]
    )

    @model_validator(mode="after")
    def _somebody_is_named(self) -> Self:
        if self.given is None and self.family is None:
            message = "a given name or a family name is needed"
            raise ValueError(message)
        return self


class DocumentKind(StrEnum):
    """On which paper a number stands."""

    PERSONAL_NUMBER = "personal_number"
    ID_CARD = "id_card"
    PASSPORT = "passport"
    BIRTH_CERTIFICATE = "birth_certificate"
    REFUGEE_CARD = "refugee_card"
    OTHER = "other"


class Document(_Recorded):
    """A number that identifies somebody, and the country that gave it (ISO 3166-1)."""

    kind: DocumentKind
    number: Annotated[Text, Field(min_length=1, max_length=64)] = Field(
        examples=["1002003007"]
    )
    country: Country | None = Field(None, examples=["XK"])


class Particulars(_Recorded):
    names: Names
    sex: Sex = Sex.UNKNOWN
    birth: BirthDate = BirthDate()
    place: PlaceCode | None = Field(None, examples=["mitrovica-south"])
    address: Annotated[Text, Field(max_length=300)] | None = Field(
        None, examples=["Rruga e Lisit 7"]
    )
    phones: Annotated[tuple[Phone, ...], Field(max_length=5)] = Field(
        (), examples=[["+38344123456"]]
    )
    documents: Annotated[tuple[Document, ...], Field(max_length=10)] = ()
    household: Annotated[Text, Field(max_length=100)] | None = Field(
        None, description="The agency's own number of the household"
    )
    never_match: bool = Field(
        default=False, description="Protection: linked with nothing, found by nobody"
    )
