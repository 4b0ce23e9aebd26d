"""What a publication states, in one body: a document, and figures with their places."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.programme.indicators.rules import Claim, Content, FactContent
from services.programme.surveys.rules import Answer, FindingContent, SurveyContent
from services.programme.texts import Document, Passage, Source


class StatedFact(Claim, Passage):
    """A figure, and where in the document it stands."""

    def told_by(self, document: Document) -> FactContent:
        return FactContent(**_claimed(self), source=_source(document, self))


class StatedFinding(Answer, Passage):
    """An answer, and where in the document it stands."""

    def told_by(self, document: Document) -> FindingContent:
        return FindingContent(**_claimed(self), source=_source(document, self))


class StatedIndicator(Content):
    """An indicator, with what the document says of it."""

    facts: Annotated[tuple[StatedFact, ...], Field(max_length=20)] = ()

    def content(self) -> Content:
        return Content(**self.model_dump(exclude={"facts"}))


class StatedSurvey(SurveyContent):
    """A survey, with what the document publishes of it."""

    findings: Annotated[tuple[StatedFinding, ...], Field(max_length=100)] = ()

    def content(self) -> SurveyContent:
        return SurveyContent(**self.model_dump(exclude={"findings"}))


class Publication(BaseModel):
    """A document, and all that it states."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: Document
    indicators: Annotated[tuple[StatedIndicator, ...], Field(max_length=200)] = ()
    surveys: Annotated[tuple[StatedSurvey, ...], Field(max_length=50)] = ()


def _claimed(stated: StatedFact | StatedFinding) -> dict[str, object]:
    return stated.model_dump(exclude=set(Passage.model_fields))


def _source(document: Document, passage: Passage) -> Source:
    where = {name: getattr(passage, name) for name in Passage.model_fields}
    return Source(**document.model_dump(), **where)
