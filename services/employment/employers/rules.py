"""What is recorded of an employer: which organisation it is."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Content(BaseModel):
    """An organisation that the grants service has, by its id there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: UUID
