"""What is recorded of an employer."""

from pydantic import BaseModel, ConfigDict

from services.employment.texts import Line, PlaceCode


class Content(BaseModel):
    """An employer by its name and, where it is one place, its municipality."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    municipality: PlaceCode | None = None
