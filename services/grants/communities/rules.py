"""What an organisation declares of communities, and who may declare it."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Community(StrEnum):
    """Ethnic communities of the region, as organisations declare them themselves."""

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


Declared = Annotated[tuple[Community, ...], Field(max_length=len(Community))]


class Communities(BaseModel):
    """The communities that an organisation is led by, and those that it serves.

    Optional, several possible; not wishing to say is not the same as not having said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    led_by: Declared = ()
    serves: Declared = ()
    prefers_not_to_say: bool = False

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if self.prefers_not_to_say and (self.led_by or self.serves):
            message = "declares communities and prefers not to say at once"
            raise ValueError(message)
        return self
