"""What may be written in a field: a code, a line, words in three languages."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.programme.languages import Language

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Code = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
# No control character, and nothing that XML, hence a picture, could not hold.
Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$",
    ),
]
Quote = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=1000,
        pattern=r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$",
    ),
]


class Words(BaseModel):
    """The same in Albanian, Serbian and English; whoever asks reads one of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)

    sq: Line
    sr: Line
    en: Line

    def said(self, language: Language) -> str:
        return str(getattr(self, language))


class Document(BaseModel):
    """A published document; its date stays unknown where it bears none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: Line
    publisher: Line | None = None
    published_on: Day | None = None


class Passage(BaseModel):
    """Where in a document something stands: page or heading; and in its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Line
    quote: Quote | None = None


class Source(Document, Passage):
    """What somebody relied on: a document, and where in it."""

    def kept(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
